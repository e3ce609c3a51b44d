import type { Platform } from "../platform/platform.js";
import type { Session } from "../session/session.js";
import type { AccessToken, SessionScope } from "../session/sessionScope.js";
import { AuthError } from "../vocabulary/errors.js";
import type { EventDetails } from "../vocabulary/events.js";

/**
 * Stops refreshes that do not help. A 401 that means "forbidden" concerns one endpoint: after a replay
 * that is answered 401 too, no 401 of that endpoint starts another refresh for 10 s, doubling to 5 min.
 * A deactivated user whose refresh still answers 200 shows at two endpoints in a row: then no 401 of
 * the session starts one, and the state's `error` and an event say so.
 */
export interface RefreshBreaker {
  /** `true` while a 401 of the endpoint must not start a refresh. */
  isOpen(endpoint: ApiEndpoint): boolean;
  /**
   * A refresh did not help: the endpoint answers 401 again.
   *
   * @param token - that the refresh brought.
   * @param status - of the answer to the replay; none if the request could not be sent again.
   */
  recordVainRefresh(endpoint: ApiEndpoint, token: AccessToken, status?: number): void;
  /** A request with this token was answered otherwise. */
  recordSuccess(endpoint: ApiEndpoint, token: AccessToken): void;
  /**
   * The current token comes from a login: 401s count from the start. Or from another tab: waits after a
   * first vain refresh are over. Longer ones are not, because two tabs that give each other the tokens
   * of vain refreshes would never stop.
   */
  reset(isShared?: boolean): void;
}

/** The endpoint of a request. */
export interface ApiEndpoint {
  /** Describes the final URL. Called only for events and after a failure. */
  describe(): { method: string; origin: string; path: string };
}

/** The name that stands for all endpoints. */
const all = "";
const firstMs = 10_000;
const longestMs = 300_000;
/** A path can hold an id, so there may be any number of them. */
const mostBlocks = 100;

export function createRefreshBreaker(
  session: Pick<Session, "getState" | "scope" | "currentToken" | "fail">,
  platform: Platform,
  emit: (event: EventDetails) => void,
): RefreshBreaker {
  /** Until when 401s start no refresh, by name. */
  const blocks = new Map<string, { inARow: number; until: number }>();
  /** The session that they belong to. Nothing of an ended one tells about the next. */
  let blockedScope: SessionScope | undefined;
  /** Endpoints whose refresh was vain, since the latest other answer. */
  const suspects = new Set<string>();
  /** The latest token of a login or of another tab. A 401 to its replay blames no refresh of this tab. */
  let received: AccessToken | null;
  let error: AuthError | undefined;

  const isBlocked = (name: string) => platform.monotonicNow() < (blocks.get(name)?.until ?? 0);

  /** Returns for how many milliseconds. */
  function block(name: string): number {
    const { inARow = 0 } = blocks.get(name) ?? {};
    const waitMs = Math.min(longestMs, firstMs * 2 ** inARow);
    blocks.set(name, { inARow: inARow + 1, until: platform.monotonicNow() + waitMs });
    return waitMs;
  }

  const resume = () => void (blocks.delete(all) && emit({ type: "resumed" }));

  function clear(): void {
    resume();
    blocks.clear();
    suspects.clear();
  }

  function isOpen(endpoint: ApiEndpoint): boolean {
    if (blockedScope !== session.scope()) return false;
    if (!isBlocked(all)) return isBlocked(nameOf(endpoint));
    // A refresh for another reason may have succeeded meanwhile.
    if (error && !session.getState().error) session.fail(error);
    return true;
  }

  return {
    isOpen,
    recordVainRefresh(endpoint, token, status) {
      // Fifty replays of one refresh are one vain refresh.
      if (token !== session.currentToken() || token === received || isOpen(endpoint)) return;
      if (blockedScope !== token.scope || blocks.size === mostBlocks) clear();
      blockedScope = token.scope;
      const name = nameOf(endpoint);
      const until = platform.now() + block(name);
      const { method, path } = endpoint.describe();
      emit({ type: "refresh-blocked", method, path, status, until });
      if (status && suspects.add(name).size > 1) {
        const retryAt = platform.now() + block(all);
        error = new AuthError("unavailable", { status, retryAt });
        session.fail(error);
        emit({ type: "paused", until: retryAt, code: "unavailable", status });
      }
    },
    recordSuccess(endpoint, { scope }) {
      if (blocks.size === 0 || blockedScope !== scope) return;
      blocks.delete(nameOf(endpoint));
      resume();
      suspects.clear();
      if (session.getState().error === error) session.fail(null);
    },
    reset(isShared = false) {
      received = session.currentToken();
      if (!isShared) clear();
      for (const each of blocks.values()) if (each.inARow === 1) each.until = 0;
    },
  };
}

/** Without the query, which says what is asked for, not who may ask. */
function nameOf(endpoint: ApiEndpoint): string {
  const { method, origin, path } = endpoint.describe();
  return `${method} ${origin}${path}`;
}
