import type { OriginGate } from "../authServer/origins.js";
import type { Platform } from "../platform/platform.js";
import type { DevOptions, Fault } from "./seenAnswer.js";

/** What those who look for mistakes know, and how they tell of one. */
export interface DevContext {
  readonly options: DevOptions;
  readonly baseURL: string;
  readonly origins: OriginGate;
  readonly platform: Platform;
  /** What the tabs of the app have in common; `undefined` if they have nothing. */
  readonly app: string | undefined;
  /** The header that the token goes into. */
  readonly header: string;
  readonly isSignedIn: () => boolean;
  /** Aborts when the Auth is disposed of. */
  readonly signal: AbortSignal;
  /** Says what is found, each once. What is `undefined` is no fault. */
  warn(...faults: (Fault | undefined)[]): void;
  /** Looks into something if there is a page: servers are told nothing. */
  inPage(look: (page: URL) => void): void;
}
