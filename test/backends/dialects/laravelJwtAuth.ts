import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthenticated = { status: 401, body: { message: "Unauthenticated." } };

/**
 * Laravel jwt-auth: an expired token buys the next one and is blacklisted at once. Every token
 * repeats the first one's `iat`.
 */
export const laravelJwtAuth: Dialect = {
  name: "Laravel jwt-auth",
  lines: () => import("../configs/laravelJwtAuth.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: false,
  logout: "ends",
  user: { sub: "1" },
  routes(vault) {
    const iat = Math.floor(vault.now() / 1000);
    const issue = () => ({
      access_token: vault.issue({ sub: "1", iat }),
      token_type: "bearer",
      expires_in: vault.lifetimeSeconds,
    });
    return {
      "POST /api/auth/login": ({ body }) =>
        body["password"] === "right"
          ? { body: issue() }
          : { status: 401, body: { error: "Unauthorized" } },
      "POST /api/auth/refresh": ({ bearer }) => {
        if (!vault.isGood(bearer) && !vault.isExpired(bearer)) return unauthenticated;
        vault.spend(bearer);
        return { body: issue() };
      },
      "POST /api/auth/logout": ({ bearer }) => {
        if (!vault.isGood(bearer)) return unauthenticated;
        vault.spend(bearer);
        return { body: { message: "Successfully logged out" } };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthenticated,
    };
  },
};
