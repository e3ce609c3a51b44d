import { errorOf, type CallAuthServer, type EndpointContext } from "./authServer.js";
import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Session } from "./session.js";
import type { Tabs } from "./tabs.js";

/** What a login function is given. */
export type LoginFunction = (context: EndpointContext) => unknown;

/** Signing in and out, each one call to the server, in the order in which the person asked. */
export interface SignIn {
  login(input: unknown): Promise<AuthState>;
  logout(): Promise<{ serverTold: boolean }>;
  /** Tells the server of a logout that is still owed, unless that is under way. */
  tellOwed(): void;
  /** A logout that the server could not be told is owed no more. */
  settle(): void;
  dispose(): void;
}

/** @param hasLogoutEndpoint - `false` if the server cannot be told. */
export function createSignIn(
  session: Session,
  renewal: Renewal,
  tabs: Tabs,
  call: CallAuthServer,
  platform: Platform,
  emit: (event: AuthEvent) => void,
  hasLogoutEndpoint: boolean,
): SignIn {
  /** Between tries to tell the server of a logout. */
  const pause = createPause(platform, emit);
  let tellings = 0;
  /** The token of the session whose end is owed, for an endpoint that wants it. */
  let owedToken: string | undefined;
  /** The last logout of which this tab has told the server. */
  let told: string | undefined;

  /** Names the logout that the server has not been told of; `undefined` if there is none. */
  function currentDebt(): string | undefined {
    tabs.sync();
    const stamp = tabs.stamp();
    return stamp?.state === "owed" ? stamp.id : undefined;
  }

  function settle(): void {
    pause.clear();
    owedToken = undefined;
    if (currentDebt()) tabs.ended("out");
  }

  async function tell(): Promise<boolean> {
    if (!hasLogoutEndpoint) return false;
    tellings += 1;
    let debt: string | undefined;
    return call({
      purpose: "logout",
      accessToken: owedToken,
      prepare() {
        debt = currentDebt();
        // Of two logouts in a row, the call of the first has told of both.
        return debt ? undefined : told !== undefined && told === tabs.stamp()?.id;
      },
      obey(outcome) {
        const { verdict } = outcome;
        const isTold = verdict === "success" || verdict === "refused";
        if (isTold) told = debt;
        // Whoever signed in meanwhile took the cookie over; another logout is another debt.
        if (debt && currentDebt() === debt) {
          if (isTold || verdict === "misconfigured") {
            settle();
          } else {
            pause.begin(outcome);
            pause.onEnd(() => void tell());
          }
        }
        return isTold;
      },
    })
      .catch(() => false)
      .finally(() => (tellings -= 1));
  }

  return {
    tellOwed: () => tellings || void tell(),
    settle,

    login(input) {
      tabs.sync();
      const asked = session.logouts();

      /** Someone signed out after this was asked for, here or in another tab. */
      function isOvertaken(): boolean {
        tabs.sync();
        return session.logouts() !== asked;
      }

      return call({
        purpose: "login",
        // A function does the call itself; anything else is what the login endpoint takes.
        ...(typeof input === "function"
          ? { endpoint: input as LoginFunction }
          : { credentials: input }),
        prepare() {
          if (isOvertaken()) throw new AuthError("session_ended");
        },
        obey(outcome, turn, isLate) {
          const { grant, answer, sentAt, cause, verdict } = outcome;
          if (grant && isOvertaken()) {
            // Without a lock its cookie may have come after the logout, for the next reload to find.
            if (tabs.stamp()?.state !== "in") {
              owedToken = grant.token;
              tabs.ended("owed");
              void tell();
            }
            throw new AuthError("session_ended");
          }
          // The person was told that it failed, and may have tried something else.
          if (isLate) return session.getState();
          if (!grant) {
            if (verdict !== "refused") throw errorOf(outcome);
            const { status, data, headers } = answer ?? {};
            const now = platform.now();
            const waitMs = headers && retryAfterMs(headers, now);
            const retryAt = waitMs === undefined ? undefined : now + waitMs;
            throw new AuthError("login_failed", { status, data, retryAt }, cause);
          }
          tabs.received(grant, sentAt, true);
          turn.end();
          pause.clear();
          owedToken = undefined;
          session.receive(grant, sentAt);
          renewal.startAnew();
          return session.getState();
        },
      });
    },

    async logout() {
      tabs.sync();
      owedToken = session.pass()?.token ?? owedToken;
      // The mark stands before anything else, so that no reload signs back in.
      tabs.ended("owed", true);
      pause.clear();
      session.end("logout");
      return { serverTold: await tell() };
    },

    dispose: pause.clear,
  };
}
