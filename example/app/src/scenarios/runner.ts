import type { Auth } from "react-authed-query";
import type { Demo } from "../demo.js";
import { sentenceFor } from "../park.js";
import { observe } from "./observe.js";
import type { Action, Scenario } from "./scenario.js";

/** How far a scenario has come. `true`: all that was expected has been seen. */
export interface Progress {
  outcome: "idle" | "running" | "true" | "untrue";
  facts: readonly string[];
  /** What the person is to do, or what went wrong. */
  remark: string;
  /** What a button offers to do about the remark. */
  offer: Action | undefined;
}

/** Runs one scenario at a time. Stands outside of the tree, which is made anew when a session ends. */
export interface Runner {
  run(scenario: Scenario, demo: Demo): void;
  stop(): void;
  subscribe(listener: () => void): () => void;
  getProgress(): Readonly<Record<string, Progress>>;
}

const nothingToDo = { remark: "", offer: undefined };

/** What it is before anyone has pressed the button. */
export const idle: Progress = { outcome: "idle", facts: [], ...nothingToDo };

/** What was expected has not come. */
class NotSo extends Error {}

export function createRunner(auth: Auth): Runner {
  let progress: Readonly<Record<string, Progress>> = {};
  let controller = new AbortController();
  const listeners = new Set<() => void>();

  function update(id: string, change: Partial<Progress>): void {
    progress = { ...progress, [id]: { ...(progress[id] ?? idle), ...change } };
    for (const listener of listeners) listener();
  }

  async function perform({ id, run }: Scenario, demo: Demo, signal: AbortSignal): Promise<void> {
    update(id, { ...idle, outcome: "running" });
    // What goes on after it was stopped is not told.
    const tell = (change: Partial<Progress>) => void (signal.aborted || update(id, change));
    const once = ({ name, run: act }: Action): Action => ({
      name,
      run() {
        tell(nothingToDo);
        act();
      },
    });
    try {
      await run({
        auth,
        demo,
        signal,
        observe: () => observe(auth, signal),
        ask: (remark, action) => tell({ remark, offer: action && once(action) }),
        confirm(isTrue, sentence) {
          if (!isTrue) throw new NotSo(`Not so: ${sentence}`);
          tell({ facts: [...(progress[id]?.facts ?? []), sentence], ...nothingToDo });
        },
      });
      tell({ outcome: "true" });
    } catch (error) {
      const remark = error instanceof NotSo ? error.message : sentenceFor(error);
      tell({ outcome: "untrue", ...nothingToDo, remark });
    }
  }

  function stop(remark = ""): void {
    controller.abort(new Error("Stopped."));
    const running = Object.keys(progress).find((id) => progress[id]?.outcome === "running");
    if (running) update(running, { ...idle, remark });
  }

  auth.onEvent((event) => {
    if (event.type !== "session-ended") return;
    // A scenario may end a session otherwise, but never signs anyone out.
    const isSignedOut = event.reason === "logout" || event.reason === "other-tab";
    if (isSignedOut) stop("You signed out before it was over.");
  });

  return {
    run(scenario, demo) {
      stop();
      controller = new AbortController();
      const { signal } = controller;
      void perform(scenario, demo, signal).finally(() => {
        // It listens no more.
        if (signal === controller.signal) controller.abort();
      });
    },
    stop: () => stop(),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    getProgress: () => progress,
  };
}
