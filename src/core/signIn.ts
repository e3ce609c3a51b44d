import { errorOf, type AuthServer, type EndpointContext } from "./authServer.js";
import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Session } from "./session.js";

/** What a login function is given. */
export type LoginFunction = (context: EndpointContext) => unknown;

/** Signing in and out, each one call to the server, in the order in which the person asked. */
export interface SignIn {
  login(input: unknown): Promise<AuthState>;
  logout(): Promise<{ serverTold: boolean }>;
  /** A logout that the server could not be told is owed no more. */
  settle(): void;
  dispose(): void;
}

/** @param hasLogoutEndpoint - `false` if the server cannot be told. */
export function createSignIn(
  session: Session,
  renewal: Renewal,
  server: AuthServer,
  platform: Platform,
  emit: (event: AuthEvent) => void,
  hasLogoutEndpoint: boolean,
): SignIn {
  /** Between tries to tell the server of a logout. */
  const pause = createPause(platform, emit);
  /** A login that was asked for before the last logout must not sign anyone in. */
  let logouts = 0;
  /** A logout is owed until a later one, which tells the server itself, or a login. */
  let changes = 0;
  let lastTelling: Promise<boolean> | undefined;

  async function tellServer(accessToken: string | undefined): Promise<boolean> {
    const asked = changes;
    const isOwed = () => asked === changes;
    const outcome = await server.call("logout", { accessToken, isWanted: isOwed });
    if (outcome.verdict === "unavailable" || outcome.verdict === "timeout") {
      if (isOwed()) {
        pause.begin(outcome);
        pause.onEnd(() => void tellServer(accessToken));
      }
      return false;
    }
    return outcome.verdict !== "misconfigured";
  }

  return {
    async login(input) {
      const asked = logouts;
      const outcome = await server.call(
        "login",
        // A function does the call itself; anything else is what the login endpoint takes.
        typeof input === "function" ? { endpoint: input as LoginFunction } : { credentials: input },
      );
      const { grant, answer, sentAt, cause, verdict } = outcome;
      if (!grant) {
        if (verdict !== "refused") throw errorOf(outcome);
        const { status, data, headers } = answer ?? {};
        const now = platform.now();
        const waitMs = headers && retryAfterMs(headers, now);
        const retryAt = waitMs === undefined ? undefined : now + waitMs;
        throw new AuthError("login_failed", { status, data, retryAt }, cause);
      }
      if (logouts !== asked) throw new AuthError("session_ended");
      changes += 1;
      pause.clear();
      session.receive(grant, sentAt);
      renewal.startAnew();
      return session.getState();
    },

    async logout() {
      const accessToken = session.pass()?.token;
      logouts += 1;
      changes += 1;
      pause.clear();
      session.end("logout");
      if (!hasLogoutEndpoint) return { serverTold: false };
      const telling = tellServer(accessToken);
      lastTelling = telling;
      // Whoever signs out again meanwhile tells the server for both.
      return { serverTold: (await telling) || (await lastTelling) };
    },

    settle() {
      changes += 1;
      pause.clear();
    },

    dispose() {
      logouts += 1;
      changes += 1;
      pause.clear();
    },
  };
}
