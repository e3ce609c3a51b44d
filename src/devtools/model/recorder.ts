import type { Auth, AuthEvent } from "../../index.js";
import { afterEvent, emptyModel, noCounts, type AuthModel } from "./authModel.js";

/** What was heard of an Auth. A new object after each change. */
export interface Recording {
  readonly model: AuthModel;
  /** The latest, the oldest first. */
  readonly events: readonly AuthEvent[];
}

/** Listens to the events of an Auth, also while no panel is open. */
export interface Recorder {
  /** Starts anew, with what happened before where that is known. Returns its stop. */
  listen(auth: Auth): () => void;
  /** Calls back, at most every 50 ms, when there is a new recording. */
  subscribe(listener: () => void): () => void;
  getRecording(): Recording;
  /** Forgets the events and counts from zero. */
  clear(): void;
}

const mostEvents = 200;
const publishMs = 50;

export function createRecorder(): Recorder {
  let model = emptyModel;
  let events: AuthEvent[] = [];
  let published: Recording | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const subscribers = new Set<() => void>();

  /** A storm of requests is one rendering, and while nobody looks there is none. */
  function change(): void {
    if (subscribers.size === 0) published = undefined;
    else timer ??= setTimeout(publish, publishMs);
  }

  function publish(): void {
    clearTimeout(timer);
    timer = undefined;
    published = undefined;
    for (const subscriber of subscribers) subscriber();
  }

  function note(event: AuthEvent): void {
    model = afterEvent(model, event);
    events.push(event);
    if (events.length > mostEvents) events.shift();
    change();
  }

  return {
    listen(auth) {
      model = emptyModel;
      events = [];
      change();
      return auth.onEvent(note, { history: true });
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size > 0) return;
        clearTimeout(timer);
        timer = undefined;
      };
    },
    getRecording: () => (published ??= { model, events: [...events] }),
    clear() {
      events = [];
      model = { ...model, counts: noCounts };
      publish();
    },
  };
}
