import type { AuthEvent } from "../../index.js";
import { entryOf, type Entry, type Lane, type Tone } from "./entries.js";
import { clockTime, duration } from "./wording.js";

/** One entry of the timeline: a request, a refresh, or a moment. */
export interface TimelineItem {
  readonly key: string;
  readonly lane: Lane;
  readonly title: string;
  readonly tone: Tone;
  /** The events of it, in order: at least one. */
  readonly moments: readonly Moment[];
  readonly from: number;
  readonly to: number;
  /** It is on its way still. */
  readonly isOpen: boolean;
  /** All of it, in words. */
  readonly sentence: string;
}

/** One thing that happened. */
export interface Moment {
  readonly at: number;
  readonly text: string;
  /** From then on a new token is waited for. */
  readonly isWait: boolean;
}

/** The entries that the events make, in the order in which each began. */
export function timelineOf(events: readonly AuthEvent[]): TimelineItem[] {
  const drafts: Draft[] = [];
  const open = new Map<string, Draft>();
  for (const event of events) {
    const entry = entryOf(event);
    if (!entry) continue;
    const { subject = "", isOver = !subject, isWait = false } = entry;
    const begun = open.get(subject);
    const draft = begun ?? { entry, moments: [] };
    if (!begun) drafts.push(draft);
    if (entry.tone) draft.entry = { ...draft.entry, tone: entry.tone };
    draft.moments.push({ at: event.at, text: entry.text, isWait });
    if (isOver) open.delete(subject);
    else open.set(subject, draft);
  }
  const seen = new Map<string, number>();
  const openDrafts = new Set(open.values());
  return drafts.map((draft) => {
    const item = itemOf(draft, openDrafts.has(draft));
    // Two of one millisecond are told apart by their number.
    const count = seen.get(item.key) ?? 0;
    seen.set(item.key, count + 1);
    return { ...item, key: `${item.key} ${count}` };
  });
}

/** The items in which the words occur, in any order. */
export function filterItems(items: readonly TimelineItem[], words: string): TimelineItem[] {
  const wanted = words.toLowerCase().split(/\s+/);
  return items.filter(({ lane, sentence }) => {
    const text = `${lane} ${sentence}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

interface Draft {
  entry: Entry;
  moments: Moment[];
}

function itemOf({ entry, moments }: Draft, isOpen: boolean): TimelineItem {
  const { lane, title, tone = "plain" } = entry;
  const from = moments[0]?.at ?? 0;
  const to = moments[moments.length - 1]?.at ?? from;
  const told = moments.map(({ at, text }, index) =>
    index === 0 ? `${text} at ${clockTime(at)}` : `${text} after ${duration(at - from)}`,
  );
  if (isOpen) told.push("not over yet");
  const sentence = `${title}: ${told.join("; ")}.`;
  const key = `${lane} ${title} ${from}`;
  return { key, lane, title, tone, moments, from, to, isOpen, sentence };
}
