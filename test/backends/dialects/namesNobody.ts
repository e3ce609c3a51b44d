import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { error: "unauthorized" } };
const user = { id: "u1", name: "Ada", email: "ada@example.com", roles: ["keeper"] };

/** A backend that says who is signed in only when asked with a token. */
export const namesNobody: Dialect = {
  name: "A backend that names nobody",
  lines: () => import("../configs/loadsUser.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "ends",
  user,
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: { accessToken: vault.issue(), expires_in: vault.lifetimeSeconds },
      cookies: [`refresh=${refreshToken}; Path=/api/auth; HttpOnly; Max-Age=604800`],
    });
    return {
      "POST /api/auth/login": ({ body }) =>
        body["password"] === "right" ? grant(vault.begin()) : unauthorized,
      "POST /api/auth/refresh": ({ cookies }) => {
        const next = vault.rotate(cookies["refresh"]);
        return next ? grant(next) : unauthorized;
      },
      "POST /api/auth/logout": ({ cookies }) => {
        vault.end(cookies["refresh"]);
        return { status: 204, cookies: ["refresh=; Path=/api/auth; Max-Age=0"] };
      },
      "GET /api/me": ({ bearer }) => (vault.isGood(bearer) ? { body: user } : unauthorized),
      "GET /api/orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
