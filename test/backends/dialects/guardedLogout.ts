import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { error: "unauthorized" } };
const user = { id: "u1", name: "Ada" };

/** The endpoints of "Your own", with a guard that lets nobody log out without a good token. */
export const guardedLogout: Dialect = {
  name: "Your own, whose logout wants the token",
  lines: () => import("../configs/guardedLogout.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "ends",
  user,
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: { accessToken: vault.issue(), user },
      cookies: [
        `refresh=${refreshToken}; HttpOnly; Secure; SameSite=Strict; Path=/api/auth; Max-Age=604800`,
      ],
    });
    return {
      "POST /api/auth/login": ({ body }) =>
        body["password"] === "right" ? grant(vault.begin()) : unauthorized,
      "POST /api/auth/refresh": ({ cookies }) => {
        const next = vault.rotate(cookies["refresh"]);
        return next ? grant(next) : unauthorized;
      },
      "POST /api/auth/logout": ({ bearer, cookies }) => {
        if (!vault.isGood(bearer)) return unauthorized;
        vault.end(cookies["refresh"]);
        return { status: 204, cookies: ["refresh=; Path=/api/auth; Max-Age=0"] };
      },
      "GET /api/orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
