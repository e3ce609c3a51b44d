import type { CreateAuthOptions, User } from "../index.js";
import type { TestAnswer } from "./answers.js";
import type { Scripted } from "./misuse.js";
import type { TestAuth } from "./testAuth.js";

/** The options of `createTestAuth`, and those of `createAuth` that the kit does not script. */
export interface TestAuthOptions extends Omit<CreateAuthOptions, Scripted> {
  /**
   * The status that a component sees; if omitted, `"authenticated"` with a `user`, else `"unauthenticated"`.
   * `"loading"` lasts for ever: the refresh is not answered, unless `answers` says how.
   */
  status?: "loading" | "authenticated" | "unauthenticated";
  /** Who is signed in, or will be by `login()` or an answered refresh. */
  user?: User;
  /**
   * The answers of the API, by method and path behind `baseURL`: `{ "GET /orders": ["boots"] }`. With a
   * query, `"GET /orders?page=2"`, it goes before the one without. Any other request is an
   * error. `"POST /auth/login"`, `"POST /auth/refresh"` and `"POST /auth/logout"` are answered as
   * usual if they are not here.
   *
   * `"network"`: the API is real, or mocked by others (msw), and only the session is scripted.
   */
  answers?: Readonly<Record<string, TestAnswer>> | "network";
  /** Another tab of the same browser: it has the user, answers, clock and server of that one. */
  tabOf?: TestAuth;
}
