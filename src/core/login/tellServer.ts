import type { AuthServer } from "../authServer/authServer.js";
import type { AuthResult, FailedResult } from "../authServer/authResult.js";
import { sendsToken, type EndpointOptions, type Purpose } from "../authServer/endpoints.js";
import type { Instant } from "../platform/clock.js";
import type { Platform } from "../platform/platform.js";
import type { WithLock } from "../tabs/crossTabLock.js";
import type { Tabs } from "../tabs/tabs.js";
import { freshnessOf, type TimedToken } from "../token/accessToken.js";
import type { TokenSet } from "../token/tokenSet.js";

/** The logout that the server has not heard of. */
export interface UntoldLogout {
  /** Names it; `undefined` if there is none any more. */
  id(): string | undefined;
  /** Of the session that ended, for an endpoint that wants it. */
  token(): TimedToken | undefined;
  keepToken(tokenSet: TokenSet, sentAt: Instant): void;
  /** The server was told, or never will be. */
  settle(status: "logout-confirmed" | "signed-out"): void;
  /** The server could not be told. */
  retryLater(result: FailedResult): void;
}

/** What telling the server depends on. */
export interface TellingDependencies {
  readonly tabs: Tabs;
  readonly authServer: AuthServer;
  readonly withLock: WithLock;
  readonly platform: Platform;
  readonly options: EndpointOptions;
}

/** `needs token`: the endpoint seems to be behind the access token, which was not sent. */
type Telling = "told" | "not told" | "needs token";

/**
 * Calls the logout endpoint: at once, and with a fresh token where it wants one.
 *
 * @returns whether the server was told, by whichever tab.
 */
export async function tellServer(
  logout: UntoldLogout,
  { tabs, authServer, withLock, platform, options }: TellingDependencies,
): Promise<boolean> {
  if (options.logout === false) return false;
  // A function may send the token, and only it could tell.
  const wantsToken = typeof options.logout === "function" || sendsToken(options, "logout");
  let told = wantsToken ? "needs token" : await call("logout");
  if (told === "needs token") {
    told = await call("refresh");
    if (told === "told") told = await call("logout", !wantsToken);
  }
  return told === "told";

  async function call(purpose: Purpose, sendToken = false): Promise<Telling> {
    let id: string | undefined;
    const look = () => {
      id = logout.id();
      return findNews(purpose, sendToken);
    };
    return withLock(async (lock) => {
      const news = await lock.check(look);
      if (news) return news;
      const { sentAt, result, lateResult } = authServer.call({
        purpose,
        sendToken,
        accessToken: logout.token()?.value,
        isStillNeeded: async () => !(await lock.recheck(look)),
      });
      // Whoever signed in meanwhile took the cookie over, and another logout has another name.
      const pending = () => (logout.id() === id ? logout : undefined);
      const act = (answer: AuthResult) => {
        if (answer.tokenSet) pending()?.keepToken(answer.tokenSet, sentAt);
        return conclude(answer, pending(), { purpose, mayNeedToken: !wantsToken && !sendToken });
      };
      const answer = await result;
      if (answer.kind === "timeout") lateResult.then(act).catch(() => {});
      return act(answer);
    });
  }

  /** What makes the call needless, if anything does. */
  function findNews(purpose: Purpose, sendToken: boolean): Telling | undefined {
    // Another tab may have told the server, and of two logouts in a row the first tells of both.
    if (!logout.id()) {
      return tabs.current().record?.status === "logout-confirmed" ? "told" : "not told";
    }
    const token = logout.token();
    // The 401 was the answer, for no token is to be had.
    if (sendToken && !token) {
      logout.settle("logout-confirmed");
      return "told";
    }
    if (purpose === "logout") return undefined;
    // A logout that is sent with an old token ends nothing, and one of unknown age may be old.
    const isOld = token
      ? !token.expiry || freshnessOf(token, platform) === "expired"
      : !sendsToken(options, "refresh");
    return isOld ? undefined : "told";
  }
}

/** @param logout - `undefined` if something else has happened since the call. */
function conclude(
  result: AuthResult,
  logout: UntoldLogout | undefined,
  { purpose, mayNeedToken }: { purpose: Purpose; mayNeedToken: boolean },
): Telling {
  if (result.kind === "unavailable" || result.kind === "timeout") {
    logout?.retryLater(result);
    return "not told";
  }
  if (purpose === "refresh") return "told";
  const status = result.answer?.status;
  if (mayNeedToken && (status === 401 || status === 403)) return "needs token";
  const isTold = result.kind !== "misconfigured";
  logout?.settle(isTold ? "logout-confirmed" : "signed-out");
  return isTold ? "told" : "not told";
}
