import { randomUUID } from "node:crypto";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (msg: string) => ({ status: 401, body: { msg } });

/** Flask-JWT-Extended and AuthX: the refresh cookie has a second one, readable, for CSRF. */
export const flaskJwtExtended: Dialect = {
  name: "Flask-JWT-Extended",
  lines: () => import("../configs/flaskJwtExtended.js"),
  credentials: (password) => ({ username: "ada", password }),
  wrongPassword: 401,
  refreshRoute: "POST /refresh",
  survivesReload: true,
  logout: "forgets",
  user: { sub: "ada", type: "access", fresh: false, csrf: "c1" },
  routes(vault) {
    /** The CSRF value that is inside each refresh token. */
    const csrfOf = new Map<string, string>();
    const issue = () => vault.issue({ sub: "ada", type: "access", fresh: false, csrf: "c1" });
    const grant = () => {
      const [refreshToken, csrf] = [vault.begin(), randomUUID()];
      csrfOf.set(refreshToken, csrf);
      return {
        body: { access_token: issue() },
        cookies: [
          `refresh_token_cookie=${refreshToken}; HttpOnly; Path=/refresh`,
          `csrf_refresh_token=${csrf}; Path=/`,
        ],
      };
    };
    return {
      "POST /login": ({ body }) =>
        body["password"] === "right" ? grant() : unauthorized("Bad username or password"),
      "POST /refresh": ({ cookies, headers }) => {
        const token = cookies["refresh_token_cookie"];
        if (!token) return unauthorized('Missing cookie "refresh_token_cookie"');
        const csrf = headers["x-csrf-token"];
        if (!csrf) return unauthorized("Missing CSRF token");
        if (csrf !== csrfOf.get(token)) {
          return unauthorized("CSRF double submit tokens do not match");
        }
        return vault.holds(token)
          ? { body: { access_token: issue() } }
          : unauthorized("Token has been revoked");
      },
      "POST /logout": () => ({
        body: { msg: "logout successful" },
        cookies: [
          "refresh_token_cookie=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/refresh",
          "csrf_refresh_token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/",
        ],
      }),
      "GET /orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthorized("Token has expired"),
    };
  },
};
