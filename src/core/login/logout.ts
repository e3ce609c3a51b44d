import type { FailedResult } from "../authServer/authResult.js";
import type { AuthServer, TimedResult } from "../authServer/authServer.js";
import { createBackoff } from "../authServer/backoff.js";
import { sendsToken, type EndpointOptions } from "../authServer/endpoints.js";
import type { Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { WithLock } from "../tabs/crossTabLock.js";
import type { Tabs } from "../tabs/tabs.js";
import { expiryOf, freshnessOf, type TimedToken } from "../token/accessToken.js";
import type { TokenSet } from "../token/tokenSet.js";
import type { EventDetails } from "../vocabulary/events.js";

/**
 * Signs out, and tells the server. A logout that the server has not heard of yet is pending: a record
 * that all tabs see. The tab that signed out tells the server, again after each backoff, and the others
 * leave it to that one as long as it lives.
 */
export interface Logout {
  /** Ends the session within the call, here and in all tabs; then tells the server. Never rejects. */
  logout(): Promise<{ serverTold: boolean }>;
  /**
   * Tells the server of a pending logout that another tab, or this page before a reload, has left.
   * `false` if none is pending.
   */
  resume(): boolean;
  /** Resolves when the latest attempt to tell the server is over. */
  attempt(): Promise<unknown>;
  /** The cookie that came with this token has to go, too. */
  takeBack(tokenSet: TokenSet, sentAt: Instant): void;
  /** No logout is pending any more. */
  settle(): void;
  dispose(): void;
}

/** The dependencies of a logout. */
export interface LogoutDependencies {
  readonly session: Session;
  readonly tabs: Tabs;
  readonly authServer: AuthServer;
  readonly withLock: WithLock;
  readonly platform: Platform;
  readonly options: EndpointOptions;
  emit(event: EventDetails): void;
}

/** `needs token`: the endpoint seems to be behind the access token, which was not sent. */
type Telling = "told" | "not told" | "needs token";

/** How long a logout is left to the tab that tells the server, which may have died. */
const tellingMs = 10_000;

// oxlint-disable-next-line max-lines-per-function -- The functions of a factory share its variables. None is over 60 lines.
export function createLogout(dependencies: LogoutDependencies): Logout {
  const { session, tabs, authServer, withLock, platform, options, emit } = dependencies;
  // An endpoint function may send the token. The options do not show it.
  const wantsToken = typeof options.logout === "function" || sendsToken(options, "logout");
  const backoff = createBackoff(platform, emit);
  /** Of the session that ended, for an endpoint that wants it. */
  let token: TimedToken | undefined;
  let attempt: Promise<boolean> = Promise.resolve(false);
  let stopTimer = () => {};

  async function logout(): Promise<{ serverTold: boolean }> {
    const before = session.currentToken();
    const { token: present } = tabs.catchUp();
    // Another tab may have signed out at the same moment, and ended this session by that.
    token = present ?? (before?.scope.endedBy === "other-tab" ? before : token);
    // The record stands before anything else, so that no reload signs back in.
    tabs.publishLogout();
    backoff.clear();
    session.end("logout");
    return { serverTold: await tell() };
  }

  /** Names the pending logout; `undefined` if there is none. */
  function pendingId(): string | undefined {
    const { record } = tabs.catchUp();
    return record?.status === "logout-pending" ? record.sessionId : undefined;
  }

  function tell(): Promise<boolean> {
    return (attempt = tellServer().catch(() => false));
  }

  /** This tab tells the server from here on. */
  function takeOver(): void {
    tabs.publishStatus("logout-pending");
    void tell();
  }

  /** @param seen - leaves it to another tab if that has set out to do it since. */
  function resume(seen = tabs.catchUp().record): boolean {
    const isPending = !!pendingId();
    if (isPending && options.logout !== false && tabs.catchUp().record === seen) takeOver();
    return isPending;
  }

  // Another tab tells the server. If that one dies, one of the others does: not all of them at once.
  tabs.onRecord(({ record, isOwn }) => {
    stopTimer();
    if (isOwn || record.status !== "logout-pending") return;
    const aliveMs = tellingMs * (1 + platform.random() / 2);
    stopTimer = platform.startTimer(() => resume(record), (record.retryInMs ?? 0) + aliveMs);
  });

  /** Calls the logout endpoint: at once, and with a fresh token where it wants one. */
  async function tellServer(): Promise<boolean> {
    if (options.logout === false) return false;
    let told = wantsToken ? "needs token" : await call("logout");
    if (told === "needs token") {
      told = await call("refresh");
      if (told === "told") told = await call("logout", !wantsToken);
    }
    return told === "told";
  }

  function call(purpose: "logout" | "refresh", sendToken = false): Promise<Telling> {
    let id: string | undefined;

    /** Finds a reason to send nothing. */
    function look(): Telling | undefined {
      id = pendingId();
      // Another tab may have told the server, and of two logouts in a row the first tells of both.
      if (!id) return tabs.catchUp().record?.status === "logout-confirmed" ? "told" : "not told";
      // There is no token to send, so the 401 was the last answer.
      if (sendToken && !token) {
        settle("logout-confirmed");
        return "told";
      }
      // A logout with an expired token ends nothing. A token of unknown age may have expired.
      const isOld = token
        ? !token.expiry || freshnessOf(token, platform) === "expired"
        : !sendsToken(options, "refresh");
      return purpose === "logout" || isOld ? undefined : "told";
    }

    function apply(result: TimedResult): Telling {
      const { kind, answer, tokenSet, sentAt } = result;
      // A later login has replaced the cookie, and a later logout has another id.
      const isPending = pendingId() === id;
      if (kind === "unavailable" || kind === "timeout") {
        if (isPending) retryLater(result);
        return "not told";
      }
      if (tokenSet && isPending) keepToken(tokenSet, sentAt);
      if (purpose === "refresh") return "told";
      const isForbidden = answer?.status === 401 || answer?.status === 403;
      if (isForbidden && !wantsToken && !sendToken) return "needs token";
      const isTold = kind !== "misconfigured";
      if (isPending) settle(isTold ? "logout-confirmed" : "signed-out");
      return isTold ? "told" : "not told";
    }

    return withLock(look, async ({ isStillNeeded }) => {
      const accessToken = token?.value;
      const request = { purpose, sendToken, accessToken, isStillNeeded, applyLate: apply };
      return apply(await authServer.call(request));
    });
  }

  function retryLater(result: FailedResult): void {
    const { retryAt = 0 } = backoff.start(result);
    tabs.publishStatus("logout-pending", retryAt - platform.now());
    const { record } = tabs.catchUp();
    void backoff.over().then(() => resume(record));
  }

  function keepToken({ token: value, lifetimeSeconds }: TokenSet, sentAt: Instant): void {
    token = { value, sentAt, expiry: expiryOf(lifetimeSeconds) };
  }

  /** The server was told, or never will be. */
  function settle(status: "logout-confirmed" | "signed-out" = "signed-out"): void {
    backoff.clear();
    token = undefined;
    if (pendingId()) tabs.publishStatus(status);
  }

  return {
    logout,
    resume: () => resume(),
    attempt: () => attempt,
    takeBack(tokenSet, sentAt) {
      // Without a lock, its cookie may have come after the logout: the next reload would find it.
      if (tabs.catchUp().record?.status === "signed-in") return;
      keepToken(tokenSet, sentAt);
      takeOver();
    },
    settle: () => settle(),
    dispose() {
      stopTimer();
      backoff.dispose();
    },
  };
}
