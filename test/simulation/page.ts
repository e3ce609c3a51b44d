/** `frozen` and `cached` (in the back/forward cache) pages run no code, but keep what they hold. */
export type Life = "live" | "frozen" | "cached" | "dead";

/** One document of a tab: what reaches it, and when. */
export interface Page {
  /** The number of the tab, and of the document in it: `3.2` after the first reload of tab 3. */
  readonly name: string;
  readonly tab: number;
  life(): Life;
  /** Runs the task as soon as the page runs code: now, when thawed, or never. */
  deliver(task: () => void): void;
  /** Frozen or put away: nothing is delivered any more. */
  suspend(life: "frozen" | "cached"): void;
  /** Runs code again: first `onBack`, then what was kept, each in a step of its own. */
  resume(onBack: () => void): void;
  die(why: string): void;
  /** How long it has been suspended so far: time that no limit can count. */
  suspendedMs(): number;
  /** For how long it has run code since it was last suspended for as long as `ms` by its clock. */
  awakeSince(ms: number): number;
  /** Until when it was suspended, if it was at that time; `Infinity` if it still is. */
  awayUntil(atMs: number): number | undefined;
  /** A message did not reach it. */
  missesNews(): void;
  hasMissedNews(): boolean;
}

export interface PageWorld {
  now(): number;
  /** Stands still while the device sleeps. */
  clock(): number;
  after(delayMs: number, task: () => void): void;
  /** Some code of a page is about to run. */
  touch(): void;
  /** A page stopped running code, for a while or for ever. */
  onStop(page: Page, why: string): void;
}

export function createPage(world: PageWorld, tab: number, document: number): Page {
  let life: Life = "live";
  let kept: (() => void)[] = [];
  let suspendedAt = 0;
  let suspendedAtClock = 0;
  let suspendedMs = 0;
  let missedNews = false;
  /** Each time that it was suspended: for how long, and until when. */
  const suspensions: { forMs: number; byClockMs: number; until: number }[] = [];

  const page: Page = {
    name: `${tab}.${document}`,
    tab,
    life: () => life,
    deliver(task) {
      if (life === "frozen" || life === "cached") kept.push(task);
      if (life !== "live") return;
      world.touch();
      task();
    },
    suspend(how) {
      if (life !== "live") return;
      life = how;
      suspendedAt = world.now();
      suspendedAtClock = world.clock();
      world.onStop(page, how);
    },
    resume(onBack) {
      if (life !== "frozen" && life !== "cached") return;
      life = "live";
      const forMs = world.now() - suspendedAt;
      suspendedMs += forMs;
      const byClockMs = world.clock() - suspendedAtClock;
      suspensions.push({ forMs, byClockMs, until: world.now() });
      world.touch();
      onBack();
      const tasks = kept;
      kept = [];
      for (const task of tasks) world.after(0, () => page.deliver(task));
    },
    die(why) {
      if (life === "dead") return;
      life = "dead";
      kept = [];
      world.onStop(page, why);
    },
    suspendedMs: () =>
      suspendedMs + (life === "frozen" || life === "cached" ? world.now() - suspendedAt : 0),
    awakeSince: (ms) =>
      world.now() - (suspensions.findLast(({ byClockMs }) => byClockMs >= ms)?.until ?? -Infinity),
    awayUntil(atMs) {
      if (life !== "live" && life !== "dead" && suspendedAt <= atMs) return Infinity;
      return suspensions.find(({ forMs, until }) => until - forMs <= atMs && atMs <= until)?.until;
    },
    missesNews() {
      missedNews = true;
    },
    hasMissedNews: () => missedNews,
  };
  return page;
}
