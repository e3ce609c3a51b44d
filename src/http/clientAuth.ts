import type { DevWarnings } from "../core/dev/devWarnings.js";
import type { IsAuthCall } from "../core/authServer/endpoints.js";
import type { OriginGate } from "../core/authServer/origins.js";
import type { Platform } from "../core/platform/platform.js";
import type { SendAuthorized } from "../core/request/sendAuthorized.js";
import type { Session } from "../core/session/session.js";

/** The parts that a client, of axios or of `fetch`, needs from the core. */
export interface ClientAuth {
  session: Pick<Session, "callerKey">;
  send: SendAuthorized;
  origins: OriginGate;
  isAuthCall: IsAuthCall;
  platform: Platform;
  options: {
    readonly header: string;
    readonly scheme: string;
    /** Sends for `auth.fetch`; the platform's if omitted. */
    readonly fetch?: Platform["fetch"];
  };
  /** In development: told of what is sent without the session. */
  sentPlain?: DevWarnings["sentPlain"];
}
