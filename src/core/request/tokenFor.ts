import { untilAborted } from "../platform/abort.js";
import type { Platform } from "../platform/platform.js";
import type { Refresher } from "../refresh/refresh.js";
import type { Restoration } from "../refresh/restore.js";
import type { Session } from "../session/session.js";
import type { AccessToken } from "../session/sessionScope.js";
import type { Tabs } from "../tabs/tabs.js";
import { freshnessOf } from "../token/accessToken.js";
import { AuthError, unlessRefused } from "../vocabulary/errors.js";
import type { RefreshCause } from "../vocabulary/events.js";
import type { TokenWaiter } from "./authorizedRequest.js";

/** The parts that it takes to get a token. */
export interface TokenSources {
  readonly session: Session;
  readonly refresher: Refresher;
  readonly restoration: Restoration;
  readonly tabs: Pick<Tabs, "catchUp">;
  readonly platform: Platform;
}

/**
 * A token that is good now; `null` if nobody is signed in.
 *
 * @param isForced - gets a new one even if the present one looks good.
 */
export async function tokenFor(
  waiter: TokenWaiter,
  sources: TokenSources,
  isForced = false,
): Promise<AccessToken | null> {
  const { session, refresher, restoration, tabs, platform } = sources;
  let mustRefresh = isForced;
  tabs.catchUp();
  // A former user's code gets no token of the present user.
  if (session.callerKey() !== session.userKey()) throw new AuthError("session_ended");
  if (session.getState().isLoading) {
    const paused = refresher.backoff.error();
    if (paused) throw paused;
    await waiter.wait(restoration.ready());
    // A token that was asked for during the restoration is as new as it can be.
    mustRefresh = false;
  }
  // Someone signed in in another tab, and the caller means that session. If this tab gets no token of
  // it, nobody is signed in.
  if (tabs.catchUp().isAwaitingToken) {
    await waiter.wait(unlessRefused(refresher.refresh("other-tab")));
  }
  const token = session.currentToken();
  if (!token) return null;
  const freshness = freshnessOf(token, platform);
  if (mustRefresh || freshness === "expired") {
    return refreshedToken(mustRefresh ? "forced" : "expired", token, waiter, sources);
  }
  if (!waiter.isReplayable && (freshness === "expiring" || !token.expiry)) {
    return refreshedToken("ahead", token, waiter, sources).catch((error: unknown) => {
      // The present token is good enough, unless the caller has given up.
      if (error instanceof AuthError && session.currentToken() === token) return token;
      throw error;
    });
  }
  if (freshness === "expiring") refresher.refresh("ahead").catch(() => {});
  return token;
}

/** A token for sockets and signed links; `null` if nobody is signed in or the refresh is refused. */
export async function accessTokenFor(
  sources: TokenSources,
  { forceRefresh, signal }: { forceRefresh?: boolean; signal?: AbortSignal },
): Promise<string | null> {
  const wait = <Value>(promise: Promise<Value>) => untilAborted(promise, signal);
  if (signal?.aborted) await wait(Promise.resolve());
  const token = tokenFor({ isReplayable: true, wait }, sources, forceRefresh);
  return (await unlessRefused(token))?.value ?? null;
}

/**
 * The next token of the same session. Not an async function: thousands may be waiting, and each would
 * keep half a kilobyte more.
 */
export function refreshedToken(
  cause: RefreshCause,
  { scope }: AccessToken,
  waiter: TokenWaiter,
  { session, refresher }: Pick<TokenSources, "session" | "refresher">,
): Promise<AccessToken> {
  return waiter.wait(refresher.refresh(cause)).then(() => {
    const token = session.currentToken();
    // Another user's token must never carry this request.
    if (token?.scope !== scope) throw new AuthError("session_ended");
    return token;
  });
}
