import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const invalid = {
  status: 401,
  body: { detail: "Token is invalid or expired", code: "token_not_valid" },
  headers: { "www-authenticate": 'Bearer realm="api"' },
};

/** dj-rest-auth with `JWT_AUTH_REFRESH_COOKIE`: Django's slashes, and the body names an empty refresh. */
export const djRestAuth: Dialect = {
  name: "dj-rest-auth",
  lines: () => import("../configs/djRestAuth.js"),
  credentials: (password) => ({ username: "ada", password }),
  wrongPassword: 400,
  refreshRoute: "POST /api/dj-rest-auth/token/refresh/",
  ask: (auth) => auth.api.get("/orders/"),
  survivesReload: true,
  logout: "ends",
  user: { pk: 1, username: "ada" },
  userAfterReload: { token_type: "access", user_id: "1" },
  routes(vault) {
    const cookie = (value: string) =>
      `refresh=${value}; expires=Wed, 02 Dec 2026 00:00:00 GMT; HttpOnly; Path=/; SameSite=Lax`;
    const issue = () => vault.issue({ token_type: "access", user_id: "1" });
    return {
      "POST /api/dj-rest-auth/login/": ({ body }) =>
        body["password"] === "right"
          ? {
              body: { access: issue(), refresh: "", user: { pk: 1, username: "ada" } },
              cookies: [cookie(vault.begin())],
            }
          : { status: 400, body: { non_field_errors: ["Unable to log in."] } },
      "POST /api/dj-rest-auth/token/refresh/": ({ body, cookies }) => {
        const next = vault.rotate(body["refresh"] || cookies["refresh"]);
        return next
          ? {
              body: { access: issue(), access_expiration: "2026-01-01T00:10:00Z" },
              cookies: [cookie(next)],
            }
          : invalid;
      },
      "POST /api/dj-rest-auth/logout/": ({ cookies }) => {
        vault.end(cookies["refresh"]);
        return {
          body: { detail: "Successfully logged out." },
          cookies: ['refresh=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'],
        };
      },
      "GET /api/orders/": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : invalid),
    };
  },
};
