import type { OriginGate } from "../../authServer/origins.js";
import type { Platform } from "../../platform/platform.js";
import type { DevOptions, Fault } from "./seenAnswer.js";

/** The context of all warnings, and the way to say one. */
export interface DevContext {
  readonly options: DevOptions;
  readonly baseURL: string;
  readonly origins: OriginGate;
  readonly platform: Platform;
  /** The key that the tabs of the app share; `undefined` if they share none. */
  readonly app: string | undefined;
  /** The header that the token goes into. */
  readonly header: string;
  readonly isSignedIn: () => boolean;
  /** Aborts when the Auth is disposed of. */
  readonly signal: AbortSignal;
  /** Says each fault once. `undefined` is no fault. */
  warn(...faults: (Fault | undefined)[]): void;
  /** Looks into something if there is a page: servers are told nothing. */
  inPage(look: (page: URL) => void): void;
}
