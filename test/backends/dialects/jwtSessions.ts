import { randomUUID } from "node:crypto";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { error: "Not authorized" } };

/** Rails jwt_sessions: the refresh cookie counts only together with a CSRF token. */
export const jwtSessions: Dialect = {
  name: "Rails jwt_sessions",
  lines: () => import("../configs/jwtSessions.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /refresh",
  survivesReload: true,
  logout: "ends",
  user: { user_id: 1, uid: "x" },
  routes(vault) {
    /** Each answer brings a newly masked CSRF token; every one of the session is good. */
    const csrf = new Set<unknown>();
    const grant = (cookies: string[] = []) => {
      const value = randomUUID();
      csrf.add(value);
      return {
        body: {
          access: vault.issue({ user_id: 1, uid: "x" }),
          access_expires_at: "2026-01-01 00:10:00 +0000",
        },
        cookies: [`csrf=${value}; path=/; SameSite=Strict`, ...cookies],
      };
    };
    return {
      "POST /login": ({ body }) =>
        body["password"] === "right"
          ? grant([`jwt_refresh=${vault.begin()}; path=/; HttpOnly; SameSite=Strict`])
          : unauthorized,
      "POST /refresh": ({ cookies, headers }) =>
        vault.holds(cookies["jwt_refresh"]) && csrf.has(headers["x-csrf-token"])
          ? grant()
          : unauthorized,
      "DELETE /login": ({ cookies, headers }) => {
        if (!vault.holds(cookies["jwt_refresh"]) || !csrf.has(headers["x-csrf-token"])) {
          return unauthorized;
        }
        vault.end(cookies["jwt_refresh"]);
        return {
          status: 204,
          cookies: ["jwt_refresh=; path=/; max-age=0", "csrf=; path=/; max-age=0"],
        };
      },
      "GET /orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
