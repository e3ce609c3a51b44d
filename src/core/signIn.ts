import { expiryOf, type Instant } from "./accessToken.js";
import { errorOf, sendsToken, type CallAuthServer, type EndpointContext } from "./authServer.js";
import { AuthError } from "./errors.js";
import type { AuthEvent } from "./events.js";
import type { Grant } from "./grant.js";
import type { AuthOptions } from "./options.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { Platform } from "./platform.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Pass, Session } from "./session.js";
import type { Stamp } from "./stamp.js";
import type { Tabs } from "./tabs.js";
import type { InTurn } from "./turns.js";

/** What a login function is given. */
export type LoginFunction = (context: EndpointContext) => unknown;

/**
 * Signing in and out, in the order in which the person asked. Until the server has answered, a logout
 * is pending: a mark that all tabs see. One tab tells the server, again after each pause; the others
 * stand in line behind it, so that the next one does if it dies.
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

/** @param inLine - one tab after the other, each for as long as it takes to tell the server. */
export function createSignIn(
  session: Session,
  renewal: Renewal,
  tabs: Tabs,
  call: CallAuthServer,
  inLine: InTurn,
  platform: Platform,
  emit: (event: AuthEvent) => void,
  { logout: endpoint, refresh }: Pick<AuthOptions, "logout" | "refresh">,
): SignIn {
  /** Between attempts to tell the server. */
  const pause = createPause(platform, emit);
  let endWait = () => {};
  /** The latest attempt to tell the server. */
  let attempt: Promise<boolean> | undefined;
  /** Of the session that ended, for an endpoint that wants it. */
  let token: Pick<Pass, "token" | "sentAt" | "expiry"> | undefined;

  /** The mark of a logout that the server has not been told of. */
  function pending(): Stamp | undefined {
    tabs.sync();
    const stamp = tabs.stamp();
    return stamp?.state === "owed" ? stamp : undefined;
  }

  function settle(state: "out" | "told" = "out"): void {
    clearPause();
    token = undefined;
    if (pending()) tabs.ended(state);
  }

  function clearPause(): void {
    pause.clear();
    endWait();
  }

  function keepToken(grant: Grant, sentAt: Instant): void {
    token = { token: grant.token, sentAt, expiry: expiryOf(grant.lifetimeSeconds, undefined) };
  }

  async function tell(): Promise<boolean> {
    if (endpoint === false) return false;
    const isTold = sendsToken(endpoint) ? undefined : await ask("logout");
    return isTold ?? !!((await ask("refresh")) && (await ask("logout", true)));
  }

  /** `undefined` if the endpoint seems to be behind the access token, which was not sent. */
  function ask(purpose: "logout" | "refresh", withToken?: boolean): Promise<boolean | undefined> {
    let mark: Stamp | undefined;
    return call<boolean | undefined>({
      purpose,
      withToken,
      accessToken: () => token?.token,
      prepare() {
        mark = pending();
        // Another tab may have told the server, and of two logouts in a row the first tells of both.
        if (!mark) return tabs.stamp()?.state === "told";
        // The 401 was the answer, for no token is to be had.
        if (withToken && !token && !sendsToken(endpoint)) {
          settle("told");
          return true;
        }
        // A logout that is sent with an old token ends nothing, and one of unknown age may be old.
        const isOld = token
          ? !token.expiry || session.freshness(token) === "due"
          : !sendsToken(refresh);
        return purpose === "logout" || isOld ? undefined : true;
      },
      obey(outcome) {
        const { answer, verdict, grant, sentAt } = outcome;
        // Whoever signed in meanwhile took the cookie over, and another logout has another mark.
        const isPending = mark === pending();
        if (verdict === "unavailable" || verdict === "timeout") {
          if (isPending) pause.begin(outcome);
          return false;
        }
        if (purpose === "refresh") {
          if (grant && isPending) keepToken(grant, sentAt);
          return true;
        }
        const isForbidden = answer && [401, 403].includes(answer.status);
        if (isForbidden && !withToken && typeof endpoint !== "function") return undefined;
        const isTold = verdict !== "misconfigured";
        if (isPending) settle(isTold ? "told" : "out");
        return isTold;
      },
    });
  }

  function tellPending(): void {
    if (endpoint === false || !pending()) return;
    inLine(async () => {
      await attempt;
      while (pending()) {
        if (pause.error()) await pauseEnd();
        else await (attempt = tell());
      }
    }).catch(() => {});
  }

  function pauseEnd(): Promise<void> {
    return new Promise((resolve) => {
      endWait = resolve;
      pause.onEnd(resolve);
    });
  }

  return {
    tellPending,
    settle,

    async login(input) {
      tabs.sync();
      const asked = session.logouts();
      // The server hears of an earlier logout first, however many calls that takes.
      await attempt?.catch(() => {});

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
              tabs.ended("owed");
              tellPending();
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
          settle();
          tabs.received(grant, sentAt, true);
          turn.end();
          session.receive(grant, sentAt);
          renewal.startAnew();
          return session.getState();
        },
      });
    },

    async logout() {
      tabs.sync();
      token = session.pass() ?? token;
      // The mark stands before anything else, so that no reload signs back in.
      tabs.ended("owed", true);
      clearPause();
      session.end("logout");
      const mine = (attempt = tell());
      tellPending();
      return { serverTold: await mine };
    },

    dispose: clearPause,
  };
}
