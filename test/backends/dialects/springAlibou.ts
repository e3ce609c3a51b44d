import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

/**
 * Spring as alibou teaches it: the refresh token travels as a Bearer token, a missing or wrong one
 * is answered 200 with nothing, and an expired access token 403 with nothing.
 */
export const springAlibou: Dialect = {
  name: "Spring, alibou",
  lines: () => import("../configs/springAlibou.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 403,
  refreshRoute: "POST /api/v1/auth/refresh-token",
  survivesReload: true,
  logout: "forgets",
  user: { sub: "ada@example.com" },
  front: {
    paths: {
      login: "/api/v1/auth/authenticate",
      refresh: "/api/v1/auth/refresh-token",
    },
    wrapper: (backend) => {
      const post = (path: string, authorization: string, body?: object) =>
        fetch(`${backend}/api/v1/auth/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization },
          body: JSON.stringify(body ?? {}),
        });
      return refreshCookie({
        login: (credentials) => post("authenticate", "", credentials),
        refresh: (refreshToken) => post("refresh-token", `Bearer ${refreshToken}`),
      });
    },
  },
  routes(vault) {
    const issue = () => vault.issue({ sub: "ada@example.com" });
    return {
      "POST /api/v1/auth/authenticate": ({ body }) =>
        body["password"] === "right"
          ? { body: { access_token: issue(), refresh_token: vault.begin() } }
          : { status: 403 },
      "POST /api/v1/auth/refresh-token": ({ bearer }) =>
        vault.holds(bearer) ? { body: { access_token: issue(), refresh_token: bearer! } } : {},
      "POST /api/v1/auth/logout": ({ bearer }) => {
        vault.spend(bearer);
        return { cookies: ["refresh=; Path=/; Max-Age=0"] };
      },
      "GET /api/v1/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : { status: 403 },
    };
  },
};
