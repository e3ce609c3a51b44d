import { expiryOf } from "../token/accessToken.js";
import type { Instant } from "../platform/clock.js";
import { errorOf, type CallAuthServer } from "../authServer/authServer.js";
import { sendsToken, type EndpointContext } from "../authServer/endpoints.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";
import type { Grant } from "../token/tokenSet.js";
import type { AuthOptions } from "../options.js";
import { createPause, retryAfterMs } from "../authServer/backoff.js";
import type { Platform } from "../platform/platform.js";
import type { Renewal } from "../refresh/refresh.js";
import type { AuthState, Pass, Session } from "../session/session.js";
import type { Tabs } from "../tabs/tabs.js";

/** What a login function is given. */
export type LoginFunction = (context: EndpointContext) => unknown;

/**
 * Signing in and out, in the order in which the person asked. Until the server has answered, a logout
 * is pending: a mark that all tabs see. The tab that asked tells the server, again after each pause,
 * and the others leave it to that one as long as it lives.
 */
export interface SignIn {
  login(input: unknown): Promise<AuthState>;
  logout(): Promise<{ serverTold: boolean }>;
  /** Sees to it that the server is told of a pending logout. */
  tellPending(): void;
  /** No logout is pending any more. */
  settle(): void;
  dispose(): void;
}

export function createSignIn(
  session: Session,
  renewal: Renewal,
  tabs: Tabs,
  call: CallAuthServer,
  platform: Platform,
  emit: (event: EventDetails) => void,
  options: AuthOptions,
): SignIn {
  const { logout: endpoint } = options;
  // A function may send the token, and only it could tell.
  const wantsToken = typeof endpoint === "function" || sendsToken(options, "logout");
  /** Between attempts to tell the server. */
  const pause = createPause(platform, emit);
  /** The latest attempt to tell the server. */
  let attempt: Promise<boolean> | undefined;
  /** Of the session that ended, for an endpoint that wants it. */
  let token: Pick<Pass, "token" | "sentAt" | "expiry"> | undefined;

  /** Names the logout that the server has not been told of; `undefined` if there is none. */
  function pendingLogout(): string | undefined {
    tabs.sync();
    const stamp = tabs.stamp();
    return stamp?.state === "owed" ? stamp.id : undefined;
  }

  function settle(state: "out" | "told" = "out"): void {
    pause.clear();
    token = undefined;
    if (pendingLogout()) tabs.ended(state);
  }

  function keepToken(grant: Grant, sentAt: Instant): void {
    token = { token: grant.token, sentAt, expiry: expiryOf(grant.lifetimeSeconds, undefined) };
  }

  /** Leaves it to another tab if that has set out to do it since. */
  function tellPending(seen = tabs.stamp()): void {
    if (endpoint === false || !pendingLogout() || tabs.stamp() !== seen) return;
    resume();
  }

  /** This tab tells the server from here on. */
  function resume(): void {
    tabs.ended("owed");
    void tell();
  }

  function tell(): Promise<boolean> {
    return (attempt = tellServer().catch(() => false));
  }

  async function tellServer(): Promise<boolean> {
    if (endpoint === false) return false;
    const isTold = wantsToken ? undefined : await ask("logout");
    return isTold ?? !!((await ask("refresh")) && (await ask("logout", !wantsToken)));
  }

  /** `undefined` if the endpoint seems to be behind the access token, which was not sent. */
  function ask(purpose: "logout" | "refresh", withToken?: boolean): Promise<boolean | undefined> {
    let asked: string | undefined;
    return call<boolean | undefined>({
      purpose,
      withToken,
      accessToken: () => token?.token,
      prepare() {
        asked = pendingLogout();
        // Another tab may have told the server, and of two logouts in a row the first tells of both.
        if (!asked) return tabs.stamp()?.state === "told";
        // The 401 was the answer, for no token is to be had.
        if (withToken && !token) {
          settle("told");
          return true;
        }
        // A logout that is sent with an old token ends nothing, and one of unknown age may be old.
        const isOld = token
          ? !token.expiry || session.freshness(token) === "due"
          : !sendsToken(options, "refresh");
        return purpose === "logout" || isOld ? undefined : true;
      },
      obey(outcome) {
        const { answer, verdict, grant, sentAt } = outcome;
        // Whoever signed in meanwhile took the cookie over, and another logout has another name.
        const isPending = asked === pendingLogout();
        if (verdict === "unavailable" || verdict === "timeout") {
          if (isPending) {
            const { retryAt = 0 } = pause.begin(outcome);
            tabs.ended("owed", false, retryAt - platform.now());
            const own = tabs.stamp();
            pause.onEnd(() => tellPending(own));
          }
          return false;
        }
        if (grant && isPending) keepToken(grant, sentAt);
        if (purpose === "refresh") return true;
        const isForbidden = answer?.status === 401 || answer?.status === 403;
        if (isForbidden && !wantsToken && !withToken) return undefined;
        const isTold = verdict !== "misconfigured";
        if (isPending) settle(isTold ? "told" : "out");
        return isTold;
      },
    });
  }

  return {
    tellPending,
    settle,

    async login(input) {
      tabs.sync();
      const asked = session.logouts();
      // The server hears of an earlier logout first, however many calls that takes.
      await attempt;

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
              keepToken(grant, sentAt);
              resume();
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
            const retryAt = waitMs && now + waitMs;
            throw new AuthError("login_failed", { status, data, retryAt }, cause);
          }
          settle();
          tabs.doubt();
          const isSame = tabs.received(grant, sentAt);
          turn.end();
          session.receive(grant, sentAt, isSame);
          renewal.startAnew();
          return session.getState();
        },
      });
    },

    async logout() {
      const pass = session.pass();
      tabs.sync();
      // Another tab may have signed out at the same moment, and ended this session by that.
      token = session.pass() ?? (pass?.generation.endedBy === "other-tab" ? pass : token);
      // The mark stands before anything else, so that no reload signs back in.
      tabs.ended("owed", true);
      pause.clear();
      session.end("logout");
      return { serverTold: await tell() };
    },

    dispose: pause.clear,
  };
}
