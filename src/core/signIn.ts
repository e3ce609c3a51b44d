import { expiryOf, type Instant } from "./accessToken.js";
import {
  errorOf,
  sendsToken,
  type CallAuthServer,
  type EndpointContext,
  type Outcome,
} from "./authServer.js";
import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import type { Grant } from "./grant.js";
import type { AuthOptions } from "./options.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Pass, Session } from "./session.js";
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

export function createSignIn(
  session: Session,
  renewal: Renewal,
  tabs: Tabs,
  call: CallAuthServer,
  platform: Platform,
  emit: (event: AuthEvent) => void,
  { logout: endpoint, refresh }: Pick<AuthOptions, "logout" | "refresh">,
): SignIn {
  /** Between tries to tell the server of a logout. */
  const pause = createPause(platform, emit);
  let tellings = 0;
  /** The token of the session whose end is owed, for an endpoint that wants it. */
  let owed: Pick<Pass, "token" | "sentAt" | "expiry"> | undefined;
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
    owed = undefined;
    if (currentDebt()) tabs.ended("out");
  }

  function owe({ token, lifetimeSeconds }: Grant, sentAt: Instant): void {
    owed = { token, sentAt, expiry: expiryOf(lifetimeSeconds, undefined) };
  }

  async function tell(): Promise<boolean> {
    if (endpoint === false) return false;
    tellings += 1;
    try {
      // A logout that is sent with an old token ends nothing, and one of unknown age may be old.
      return await send(sendsToken(endpoint) ? renewOwed() : true);
    } catch {
      return false;
    } finally {
      tellings -= 1;
    }
  }

  /** `false` if nothing tells yet whether the token can be renewed. */
  function renewOwed(): Promise<boolean> {
    let debt: string | undefined;
    return call({
      purpose: "refresh",
      accessToken: () => owed?.token,
      prepare() {
        debt = currentDebt();
        const isOld = owed
          ? !owed.expiry || session.freshness(owed) === "due"
          : !sendsToken(refresh);
        return debt && isOld ? undefined : true;
      },
      obey(outcome) {
        const { grant, sentAt } = outcome;
        if (grant && isStill(debt)) owe(grant, sentAt);
        return !isPassing(outcome) || tellLater(outcome, debt);
      },
    }).catch(() => false);
  }

  /** Takes its turn at once, so that a login right after it comes after it. */
  function send(isRenewed: boolean | Promise<boolean>): Promise<boolean> {
    let debt: string | undefined;
    return call({
      purpose: "logout",
      accessToken: () => owed?.token,
      async prepare() {
        if (!(await isRenewed)) return false;
        debt = currentDebt();
        // Of two logouts in a row, the call of the first has told of both.
        return debt ? undefined : told !== undefined && told === tabs.stamp()?.id;
      },
      obey(outcome) {
        if (isPassing(outcome)) return tellLater(outcome, debt);
        if (isStill(debt)) settle();
        if (outcome.verdict === "misconfigured") return false;
        told = debt;
        return true;
      },
    });
  }

  /** Whoever signed in meanwhile took the cookie over; another logout is another debt. */
  function isStill(debt: string | undefined): boolean {
    return !!debt && currentDebt() === debt;
  }

  function tellLater(outcome: Outcome, debt: string | undefined): false {
    if (isStill(debt)) {
      pause.begin(outcome);
      pause.onEnd(() => void tell());
    }
    return false;
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
              owe(grant, sentAt);
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
          tabs.doubt();
          const isSame = tabs.received(grant, sentAt);
          turn.end();
          pause.clear();
          owed = undefined;
          session.receive(grant, sentAt, isSame);
          renewal.startAnew();
          return session.getState();
        },
      });
    },

    async logout() {
      tabs.sync();
      owed = session.pass() ?? owed;
      // The mark stands before anything else, so that no reload signs back in.
      tabs.ended("owed", true);
      pause.clear();
      session.end("logout");
      return { serverTold: await tell() };
    },

    dispose: pause.clear,
  };
}

/** The server has not spoken. */
function isPassing({ verdict }: Outcome): boolean {
  return verdict === "unavailable" || verdict === "timeout";
}
