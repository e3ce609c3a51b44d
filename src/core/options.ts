import type { Endpoint } from "./authServer/endpoints.js";
import type { RefreshOn } from "./request/sendAuthorized.js";
import type { AuthEvent } from "./vocabulary/events.js";
import type { Identify } from "./token/identity.js";
import type { ReadSession } from "./authServer/readSession.js";
import type { LogoutEvent } from "./vocabulary/events.js";
import type { AuthAnswer } from "./authServer/verdict.js";

/** The options of `createAuth`, apart from the axios instance. All are optional. */
export interface AuthOptions {
  /** Of the API and of the auth endpoints; `"/"` if omitted, or the given axios instance's. */
  baseURL?: string;
  /** `POST /auth/login` with the credentials as JSON if omitted. */
  login?: Endpoint;
  /** `POST /auth/refresh` with `{}`, the cookie and no `Authorization` if omitted. */
  refresh?: Endpoint;
  /** `POST /auth/logout` with `{}` if omitted; `false` if the server has none. */
  logout?: Endpoint | false;
  /** Reads the body of a login or refresh. The default knows the usual spellings. */
  readSession?: ReadSession;
  /**
   * Names the person, so that a switch of user is noticed. If omitted, `sub`, `id` and the like in
   * claims and `user` do, and an e-mail address where nobody has an id. Where nothing names the person,
   * a sign-in over a session is another person's unless `user` and claims are equal.
   */
  identify?: Identify;
  /**
   * Which answers mean that the token has expired: statuses, `[401]` if omitted, or a function,
   * which is asked about every answer, 2xx too.
   */
  refreshOn?: RefreshOn;
  /**
   * Which answers to a refresh end the session; `undefined` keeps the default (400, 401, 422, 403
   * that is no HTML page, a 2xx without a token, a redirect to the backend's login page). Not asked
   * when there was no answer.
   */
  isRefused?: (answer: AuthAnswer) => boolean | undefined;
  /**
   * How long before its end a token is renewed in the background: the soft margin in seconds, at
   * most half the lifetime, `0` for no sooner than it must; the smaller of 60 s and 20 % of the
   * lifetime if omitted. With `background: true` a timer renews it even if no request is made.
   */
  refreshAhead?: number | { seconds?: number; background?: boolean };
  /** How long a refresh, login or logout may take, in milliseconds; 10 000 if omitted. */
  refreshTimeoutMs?: number;
  /**
   * Used for refresh, login, logout and `auth.fetch`; the global `fetch` if omitted. Has to take a
   * `Request` and an `init` beside it, as the standard says: `auth.fetch` gives it both.
   */
  fetch?: (input: RequestInfo, init: RequestInit) => Promise<Response>;
  /** Exact origins that may see the token, in addition to that of `baseURL`. */
  allowedOrigins?: readonly string[];
  /** Copies a cookie into a header of login, refresh and logout (double submit). Off if omitted. */
  csrf?: { cookie: string; header: string };
  /**
   * The header of the token; `"Authorization"` if omitted. Only that one do browsers take away when
   * the API redirects to another origin.
   */
  header?: string;
  /** The word before the token; `"Bearer"` if omitted, `""` for none. */
  scheme?: string;
  /**
   * Whether the cookie is tried on load: `"always"` (the default), `"hint"` only where someone has
   * signed in before (no 401 in a visitor's console; needs `localStorage`), `"never"`.
   */
  restore?: "always" | "hint" | "never";
  /**
   * How the tabs of this app act as one. `name` sets apart apps that share a refresh URL.
   * `shareToken: false` keeps tokens out of messages: each tab gets its own. `false`: each tab for
   * itself, which needs a backend that does not rotate the cookie, or has a grace window.
   */
  tabs?: { name?: string; shareToken?: boolean } | false;
  /**
   * A refusal forgets like a logout: for shared terminals. If omitted, what was on the screen stays
   * for the case that the same user signs in again.
   */
  forgetOnRefusal?: boolean;
  /** Called once for each session that ends. */
  onLogout?: (event: LogoutEvent) => void;
  /** Called with everything that happens inside, never with a token. */
  onEvent?: (event: AuthEvent) => void;
}
