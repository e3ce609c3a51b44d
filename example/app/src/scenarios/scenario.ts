import type { Auth } from "react-authed-query";
import type { Excerpt } from "../../excerpts.js";
import type { Demo } from "../demo.js";
import type { Observation } from "./observe.js";

/** Something that can go wrong with a session, to be tried and watched. */
export interface Scenario {
  id: string;
  title: string;
  /** What to expect. */
  expectation: string;
  /** What the button says. */
  action: string;
  /** The lines that make it work. */
  code: Excerpt;
  /** Takes away what it leaves behind. */
  cleanUp?: Action;
  /** Makes it happen, and looks at what comes of it. Rejects if that is not what was expected. */
  run(stage: Stage): Promise<void>;
}

/** Something that a button does. */
export interface Action {
  /** What the button says. */
  name: string;
  run(): void;
}

/** What a scenario works with. */
export interface Stage {
  auth: Auth;
  demo: Demo;
  /** Starts to listen. */
  observe(): Observation;
  /** Tells what was seen. @throws Error if it was not. */
  confirm(isTrue: boolean, sentence: string): void;
  /** Tells what the person is to do, and offers a button for it. */
  ask(sentence: string, action?: Action): void;
  /** Aborted when nobody waits for the end of it any more. */
  signal: AbortSignal;
}
