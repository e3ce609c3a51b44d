import { createBackoff, type Backoff } from "../authServer/backoff.js";
import type { SessionScope } from "../session/sessionScope.js";
import { AuthError, toAuthError } from "../vocabulary/errors.js";
import type { RefreshCause } from "../vocabulary/events.js";
import { createBackgroundRefresh } from "./backgroundRefresh.js";
import { createRefreshBreaker, type RefreshBreaker } from "./refreshBreaker.js";
import { refreshOnce, type Attempt, type RefreshDependencies } from "./refreshOnce.js";

/** The options that the refresh reads. */
export interface RefreshOptions {
  /**
   * How long before its end a token is refreshed in the background, in seconds: at most half the
   * lifetime, `0` for no sooner than it must; the smaller of 60 s and 20 % of the lifetime if omitted.
   * With `background: true` a timer refreshes it even if no request is made.
   */
  refreshAhead?: number | { seconds?: number; background?: boolean };
}

/** Many callers, one refresh. */
export interface Refresher {
  /**
   * Gets a new token, joining the refresh under way. Rejects with an {@link AuthError}: `refused`
   * (the session is over), `unavailable`, `timeout`, `misconfigured` (it stays), `session_ended`.
   */
  refresh(cause: RefreshCause): Promise<void>;
  /** After a failed refresh: until when nobody tries again. */
  readonly backoff: Backoff;
  /** After refreshes that cured nothing: which 401s start no other. */
  readonly breaker: RefreshBreaker;
  /**
   * A token came in another way: earlier failures no longer count, and nobody waits for a refresh.
   *
   * @param isShared - by another tab, and not by a login.
   */
  tokenReceived(isShared?: boolean): void;
  dispose(): void;
}

/** What the refresh depends on. */
export interface RefresherDependencies extends Omit<
  RefreshDependencies,
  "backoff" | "isRefreshing" | "onToken"
> {
  /** Refreshes the token before it expires even if no request is made. */
  readonly inBackground: boolean;
}

export function createRefresher(dependencies: RefresherDependencies): Refresher {
  const { session, tabs, platform, emit } = dependencies;
  const backoff = createBackoff(platform, emit);
  const breaker = createRefreshBreaker(session, platform, emit);
  const background = createBackgroundRefresh(dependencies, () => refresh("ahead"));
  const isRefreshing = () => !!inFlight;
  const once = { ...dependencies, backoff, isRefreshing, onToken: background.arm };
  let inFlight: Flight | undefined;

  function refresh(cause: RefreshCause): Promise<void> {
    const { scope, token } = tabs.current();
    if (inFlight?.scope === scope) return inFlight.promise;
    const paused = backoff.error();
    if (paused && cause !== "restore") return Promise.reject(paused);
    const flight = createFlight(scope, () => {
      if (inFlight === flight) inFlight = undefined;
    });
    inFlight = flight;
    // Without a token, one of another tab may arrive while the lock is waited for.
    const asked = token ? undefined : tabs.askForToken();
    void run(flight, { cause, scope, tokenVersion: token?.tokenVersion, asked });
    return flight.promise;
  }

  async function run({ scope, end }: Flight, attempt: Attempt): Promise<void> {
    try {
      while ((await refreshOnce(attempt, once)) === "again");
      const { endedBy } = scope;
      end(endedBy && new AuthError(endedBy === "refused" ? "refused" : "session_ended"));
    } catch (thrown) {
      const error = toAuthError(thrown);
      if (dependencies.inBackground && error.retryAt) backoff.onEnd(background.arm);
      if (session.scope() === scope) session.fail(error);
      end(error);
    }
  }

  function tokenReceived(isShared?: boolean): void {
    backoff.clear();
    breaker.reset(isShared);
    inFlight?.end();
    background.arm();
  }

  tabs.onToken((received) => {
    session.receiveToken({ ...received, isSamePerson: true });
    tokenReceived(true);
  });
  followSignIns(dependencies, backoff, refresh);

  return {
    refresh,
    backoff,
    breaker,
    tokenReceived,
    dispose() {
      background.stop();
      backoff.clear();
    },
  };
}

/** Gets a token of its own when someone signs in in another tab. */
function followSignIns(
  { session, tabs }: Pick<RefresherDependencies, "session" | "tabs">,
  backoff: Backoff,
  refresh: Refresher["refresh"],
): void {
  tabs.onSignIn(() => {
    // The server has just signed someone in: it is there.
    backoff.clear();
    follow();
  });

  function follow(): void {
    refresh("other-tab").catch(({ retryAt }: AuthError) => {
      if (retryAt) backoff.onEnd(retry);
    });
  }

  /** A tab that shows nobody signed in makes no request with which to try again. */
  function retry(): void {
    const { isAwaitingToken } = tabs.current();
    if (isAwaitingToken && !session.getState().isAuthenticated) follow();
  }
}

/** The refresh under way. */
interface Flight {
  readonly scope: SessionScope;
  readonly promise: Promise<void>;
  /** Lets go whoever waits for it. */
  end(error?: unknown): void;
}

function createFlight(scope: SessionScope, onEnd: () => void): Flight {
  let end: Flight["end"] = () => {};
  const promise = new Promise<void>((resolve, reject) => {
    // The waiters of an ended session learn it now, not when the server answers.
    const stop = scope.onAbort(() => end(new AuthError("session_ended")));
    end = (error) => {
      stop();
      onEnd();
      if (error) reject(error);
      else resolve();
    };
  });
  // A refresh in the background has no one to catch its failure.
  promise.catch(() => {});
  return { scope, promise, end: (error) => end(error) };
}
