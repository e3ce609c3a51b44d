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
  cleanUp?: { action: string; run(): void };
  /** Makes it happen, and looks at what comes of it. Rejects if that is not what was expected. */
  run(stage: Stage): Promise<void>;
}

/** What a scenario works with. */
export interface Stage {
  auth: Auth;
  demo: Demo;
  /** Starts to listen. */
  observe(): Observation;
  /** Tells what was seen. @throws Error if it was not. */
  confirm(isTrue: boolean, sentence: string): void;
  /** Tells what the person is to do. */
  ask(sentence: string): void;
  /** Aborted when nobody waits for the end of it any more. */
  signal: AbortSignal;
}
