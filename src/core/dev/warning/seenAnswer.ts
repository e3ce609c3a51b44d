import type { AuthAnswer, AuthResult } from "../../authServer/authResult.js";
import type { ServerOptions } from "../../authServer/authServer.js";
import type { Purpose } from "../../authServer/endpoints.js";
import type { SessionOptions } from "../../session/session.js";
import type { TokenSet } from "../../token/tokenSet.js";

/** The options that the warnings read. */
export type DevOptions = ServerOptions & SessionOptions;

/** An answer of the auth server, as a page sees it. */
export interface SeenAnswer {
  readonly purpose: Purpose;
  readonly options: DevOptions;
  /** The name of the endpoint: its URL, or the function of the app that calls it. */
  readonly url: string;
  /** The URL of the endpoint; `baseURL`, if a function calls it. */
  readonly endpointURL: URL;
  /** The path of `baseURL`, without a slash at its end. */
  readonly basePath: string;
  readonly kind: AuthResult["kind"];
  readonly answer: AuthAnswer;
  readonly tokenSet: TokenSet | undefined;
  /** The endpoint is on another origin than the page. */
  readonly isElsewhere: boolean;
  readonly isSignedIn: boolean;
  /** The cookie that `csrf` names can be read. */
  readonly hasCSRFCookie: boolean;
}

/** A mistake, and the sentence that names it with the remedy. */
export interface Fault {
  readonly sentence: string;
  /** Tells it from other faults, where the sentence differs from endpoint to endpoint. */
  readonly mistake?: string;
}
