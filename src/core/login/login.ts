import type { AuthServer, TimedResult } from "../authServer/authServer.js";
import { errorOf, type AuthResult } from "../authServer/authResult.js";
import { retryAfterMs } from "../authServer/backoff.js";
import type { EndpointContext } from "../authServer/endpoints.js";
import type { Platform } from "../platform/platform.js";
import type { Refresher } from "../refresh/refresh.js";
import type { AuthState } from "../session/authState.js";
import type { Session } from "../session/session.js";
import type { WithLock } from "../tabs/crossTabLock.js";
import type { Tabs } from "../tabs/tabs.js";
import type { TokenSet } from "../token/tokenSet.js";
import { AuthError } from "../vocabulary/errors.js";
import type { Logout } from "./logout.js";

/** A function that signs in. */
export type LoginFunction = (context: EndpointContext) => unknown;

/**
 * Signs in. Rejects with an `AuthError` and leaves the present session alone if the server does not
 * sign anyone in, and if someone signs out after the login was asked for.
 *
 * @param input - a function does the call itself; anything else is what the login endpoint takes.
 */
export type Login = (input: unknown) => Promise<AuthState>;

/** The dependencies of a login. */
export interface LoginDependencies {
  readonly session: Session;
  readonly refresher: Refresher;
  readonly tabs: Tabs;
  readonly authServer: AuthServer;
  readonly withLock: WithLock;
  readonly logout: Logout;
  readonly platform: Platform;
}

export function createLogin(dependencies: LoginDependencies): Login {
  const { session, refresher, tabs, authServer, withLock, logout, platform } = dependencies;

  return async (input) => {
    const assertNotOvertaken = watchLogouts(session, tabs);
    // The server hears of an earlier logout first, however many calls that takes.
    await logout.attempt();

    const received = await withLock(assertNotOvertaken, async ({ isStillNeeded }) => {
      /** The cookie of a login that a logout has overtaken is given back. */
      function claim({ tokenSet, sentAt }: TimedResult): TokenSet | undefined {
        if (!tokenSet) return undefined;
        try {
          assertNotOvertaken();
        } catch (error) {
          logout.takeBack(tokenSet, sentAt);
          throw error;
        }
        return tokenSet;
      }

      const result = await authServer.call({
        purpose: "login",
        ...(isLoginFunction(input) ? { endpoint: input } : { credentials: input }),
        isStillNeeded,
        // The person was told that it failed, and may have tried something else: nobody is signed in.
        applyLate: claim,
      });
      const tokenSet = claim(result);
      // The cookie may have come without its answer: then the next refresh says whose it is.
      if (result.kind !== "refused") tabs.expectSignIn();
      if (!tokenSet) throw loginError(result, platform.now());
      logout.settle();
      const { sentAt } = result;
      return { tokenSet, sentAt, isSamePerson: tabs.publishToken(tokenSet, sentAt) };
    });

    // Outside of the lock, somebody may have signed out since.
    assertNotOvertaken();
    session.receiveToken(received);
    refresher.tokenReceived();
    return session.getState();
  };
}

/** @returns a function that throws `session_ended` once someone has signed out, here or in another tab. */
function watchLogouts(session: Session, tabs: Tabs): () => undefined {
  tabs.catchUp();
  const before = session.logouts();
  return () => {
    tabs.catchUp();
    if (session.logouts() !== before) throw new AuthError("session_ended");
  };
}

function loginError(result: AuthResult, now: number): AuthError {
  const { kind, answer, cause } = result;
  if (kind !== "refused" && kind !== "success") return errorOf(result);
  const { status, data, headers } = answer ?? {};
  const waitMs = headers && retryAfterMs(headers, now);
  const retryAt = waitMs && now + waitMs;
  return new AuthError("login_failed", { status, data, retryAt }, cause);
}

/** A function does the call itself; anything else is what the login endpoint takes. */
export function isLoginFunction(input: unknown): input is LoginFunction {
  return typeof input === "function";
}
