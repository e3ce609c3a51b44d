import type { Call } from "../support/backend.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, message: string) => ({
  status,
  body: { data: null, error: { status, name: "UnauthorizedError", message, details: {} } },
});

/** Strapi 5 with `jwtManagement: "refresh"`: a header asks for the cookie. */
export const strapi: Dialect = {
  name: "Strapi 5",
  lines: () => import("../configs/strapi.js"),
  credentials: (password) => ({ identifier: "ada@example.com", password }),
  wrongPassword: 400,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "ends",
  user: { id: 1, email: "ada@example.com" },
  userAfterReload: { userId: "1", sessionId: "s1", type: "access" },
  routes(vault) {
    const user = { id: 1, email: "ada@example.com" };
    const claims = { userId: "1", sessionId: "s1", type: "access" };
    const grant = ({ headers }: Call, refreshToken: string, rest: object) =>
      headers["x-strapi-refresh-cookie"] === "httpOnly"
        ? {
            body: { jwt: vault.issue(claims), ...rest },
            cookies: [`strapi_up_refresh=${refreshToken}; path=/; samesite=lax; httponly`],
          }
        : { body: { jwt: vault.issue(claims), refreshToken, ...rest } };
    return {
      "POST /api/auth/local": (call) =>
        call.body["password"] === "right"
          ? grant(call, vault.begin(), { user })
          : error(400, "Invalid identifier or password"),
      "POST /api/auth/refresh": (call) => {
        const old = call.cookies["strapi_up_refresh"] ?? call.body["refreshToken"];
        if (!old) return error(400, "Missing refresh token");
        const next = vault.rotate(old);
        return next ? grant(call, next, {}) : error(401, "Invalid refresh token");
      },
      "POST /api/auth/logout": ({ bearer, cookies }) => {
        if (!vault.isGood(bearer)) return error(401, "Missing authentication");
        vault.end(cookies["strapi_up_refresh"]);
        return {
          body: { ok: true },
          cookies: ["strapi_up_refresh=; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; httponly"],
        };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer)
          ? { body: { data: orders } }
          : error(401, "Missing or invalid credentials"),
    };
  },
};
