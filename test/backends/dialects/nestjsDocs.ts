import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { message: "Unauthorized", statusCode: 401 } };

/** NestJS as its documentation builds it, with the section's refresh cookie, which is not rotated. */
export const nestjsDocs: Dialect = {
  name: "NestJS, as in its documentation",
  lines: () => import("../configs/standard.js"),
  credentials: (password) => ({ username: "john", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "forgets",
  user: { sub: 1, username: "john" },
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: { access_token: vault.issue({ sub: 1, username: "john", jti: undefined }) },
      cookies: [
        `refresh=${refreshToken}; Max-Age=2592000; Path=/api/auth; HttpOnly; Secure; SameSite=Strict`,
      ],
    });
    return {
      "POST /api/auth/login": ({ body }) =>
        body["password"] === "right" ? grant(vault.begin()) : unauthorized,
      "POST /api/auth/refresh": ({ cookies }) =>
        vault.holds(cookies["refresh"]) ? grant(vault.begin()) : unauthorized,
      "POST /api/auth/logout": () => ({
        status: 204,
        cookies: ["refresh=; Path=/api/auth; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
      }),
      "GET /api/orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
