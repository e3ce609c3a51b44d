import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const forbidden = {
  status: 403,
  body: { errors: [{ message: "You are not allowed to perform this action." }] },
};

/** Payload: the cookie holds the access token itself, so it renews only while that is good. */
export const payload: Dialect = {
  name: "Payload",
  lines: () => import("../configs/payload.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/users/refresh-token",
  renewsOnlyValid: true,
  survivesReload: true,
  logout: "ends",
  user: { id: "u1", email: "ada@example.com" },
  routes(vault) {
    const user = { id: "u1", email: "ada@example.com" };
    const cookie = (token: string) =>
      `payload-token=${token}; Expires=Thu, 01 Jan 2026 02:00:00 GMT; Path=/; HttpOnly=true; SameSite=Lax`;
    const issue = () => vault.issue({ ...user, collection: "users", sid: "s1" });
    return {
      "POST /api/users/login": ({ body }) => {
        if (body["password"] !== "right") {
          return { status: 401, body: { errors: [{ message: "The password is incorrect." }] } };
        }
        const token = issue();
        const exp = vault.now() / 1000 + vault.lifetimeSeconds;
        return {
          body: { message: "Authentication Passed", exp, token, user },
          cookies: [cookie(token)],
        };
      },
      "POST /api/users/refresh-token": ({ bearer, cookies }) => {
        const old = bearer ?? cookies["payload-token"];
        if (!vault.isGood(old)) return forbidden;
        const refreshedToken = issue();
        const exp = vault.now() / 1000 + vault.lifetimeSeconds;
        return {
          body: { message: "Token refresh successful", exp, refreshedToken, user },
          cookies: [cookie(refreshedToken)],
        };
      },
      "POST /api/users/logout": ({ bearer, cookies }) => {
        if (!vault.isGood(bearer ?? cookies["payload-token"])) {
          return { status: 400, body: { errors: [{ message: "No User" }] } };
        }
        vault.revoke();
        return {
          body: { message: "You have been logged out successfully." },
          cookies: ["payload-token=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Path=/; HttpOnly=true"],
        };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: { docs: orders } } : forbidden,
    };
  },
};
