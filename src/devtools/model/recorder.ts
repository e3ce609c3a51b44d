import type { Auth, AuthEvent } from "../../index.js";
import { afterEvent, emptyModel, noCounts, type AuthModel } from "./authModel.js";

/** The recorded events of an Auth, and how they are shown. A new object after each change. */
export interface Recording {
  readonly model: AuthModel;
  /** The latest, the oldest first. */
  readonly events: readonly AuthEvent[];
  readonly view: View;
}

/** The choices of the person who looks. */
export interface View {
  /** `undefined` before anyone has opened or closed it. */
  readonly isOpen: boolean | undefined;
  /** The text that the events are filtered by. */
  readonly words: string;
  /** The events that are shown while the timeline is paused. */
  readonly paused: readonly AuthEvent[] | null;
  /** The result of the latest action. */
  readonly report: string;
}

/** Listens to the events of an Auth, also while no panel is open. */
export interface Recorder {
  /** Listens until all who called it have called what it returns. */
  listen(): () => void;
  /** Calls back, at most every 50 ms, when there is a new recording. */
  subscribe(listener: () => void): () => void;
  getRecording(): Recording;
  /** Changes the view. */
  show(change: Partial<View>): void;
  /** Forgets the events and counts from zero. */
  clear(): void;
}

const recorders = new WeakMap<Auth, Recorder>();

/**
 * The recorder of the Auth. It is no state of a component: a provider renders what is in it as new when
 * the user changes, and a panel in it stays as it is.
 */
export function recorderOf(auth: Auth): Recorder {
  const recorder = recorders.get(auth) ?? createRecorder(auth);
  recorders.set(auth, recorder);
  return recorder;
}

const mostEvents = 200;
const publishMs = 50;

function createRecorder(auth: Auth): Recorder {
  let model = emptyModel;
  let events: readonly AuthEvent[] = [];
  let view: View = { isOpen: undefined, words: "", paused: null, report: "" };
  let published: Recording | undefined;
  let holders = 0;
  let stop: (() => void) | undefined;
  const subscribers = new Set<() => void>();
  const batch = createBatch(publish);

  function publish(): void {
    batch.cancel();
    published = undefined;
    for (const subscriber of subscribers) subscriber();
  }

  function note(event: AuthEvent): void {
    model = afterEvent(model, event);
    events = [...events, event].slice(-mostEvents);
    // A storm of requests is one rendering, and while nobody looks there is none.
    if (subscribers.size === 0) published = undefined;
    else batch.ask();
  }

  function start(): () => void {
    model = emptyModel;
    events = [];
    const unsubscribe = auth.onEvent(note, { history: true });
    publish();
    return unsubscribe;
  }

  return {
    listen() {
      holders += 1;
      stop ??= start();
      return () => {
        holders -= 1;
        // A component that is mounted again listens again at once.
        queueMicrotask(() => {
          if (holders > 0) return;
          stop?.();
          stop = undefined;
        });
      };
    },
    subscribe(subscriber) {
      subscribers.add(subscriber);
      return () => {
        subscribers.delete(subscriber);
        if (subscribers.size === 0) batch.cancel();
      };
    },
    getRecording: () => (published ??= { model, events, view }),
    show(change) {
      view = { ...view, ...change };
      publish();
    },
    clear() {
      events = [];
      model = { ...model, counts: noCounts };
      if (view.paused) view = { ...view, paused: [] };
      publish();
    },
  };
}

/** Calls back once for all that is asked within 50 ms. */
function createBatch(callback: () => void): { ask(): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    ask: () => void (timer ??= setTimeout(callback, publishMs)),
    cancel() {
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
