import type { IsAuthCall } from "../core/authServer.js";
import type { AuthorizedSend } from "../core/authorizedSend.js";
import type { OriginGate } from "../core/origins.js";
import type { Platform } from "../core/platform.js";
import type { Pass } from "../core/session.js";

/** What a client, of axios or of `fetch`, needs from the core. */
export interface ClientAuth extends Pick<AuthorizedSend, "send"> {
  /** The token that requests carry at present. */
  pass: () => Pass | null;
  origins: OriginGate;
  isAuthCall: IsAuthCall;
  platform: Platform;
  header: string;
  scheme: string;
}
