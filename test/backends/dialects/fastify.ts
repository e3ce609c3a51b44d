import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (code: string) => ({
  status: 401,
  body: { statusCode: 401, code: `FST_JWT_${code}`, error: "Unauthorized", message: code },
});
const user = { id: "u1", name: "Ada" };

/** Fastify with `@fastify/jwt` and `@fastify/cookie`, as the section builds it: not rotated. */
export const fastify: Dialect = {
  name: "Fastify",
  lines: () => import("../configs/standard.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "forgets",
  user,
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: { accessToken: vault.issue({ sub: "u1", jti: undefined }), user },
      cookies: [
        `refresh=${refreshToken}; Max-Age=2592000; Path=/api/auth; HttpOnly; Secure; SameSite=Strict`,
      ],
    });
    return {
      "POST /api/auth/login": ({ body }) =>
        body["password"] === "right" ? grant(vault.begin()) : { status: 401 },
      "POST /api/auth/refresh": ({ cookies }) => {
        if (!cookies["refresh"]) return unauthorized("NO_AUTHORIZATION_IN_COOKIE");
        return vault.holds(cookies["refresh"])
          ? grant(vault.begin())
          : unauthorized("AUTHORIZATION_TOKEN_INVALID");
      },
      "POST /api/auth/logout": () => ({
        status: 204,
        cookies: ["refresh=; Max-Age=0; Path=/api/auth; HttpOnly; Secure; SameSite=Strict"],
      }),
      "GET /api/orders": ({ bearer }) => {
        if (!bearer) return unauthorized("NO_AUTHORIZATION_IN_HEADER");
        return vault.isGood(bearer)
          ? { body: orders }
          : unauthorized("AUTHORIZATION_TOKEN_EXPIRED");
      },
    };
  },
};
