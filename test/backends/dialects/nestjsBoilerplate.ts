import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { message: "Unauthorized", statusCode: 401 } };

/** The NestJS boilerplate of brocoders: the refresh token travels as a Bearer token, rotated, and signs out too. */
export const nestjsBoilerplate: Dialect = {
  name: "NestJS boilerplate",
  lines: () => import("../configs/nestjsBoilerplate.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 422,
  refreshRoute: "POST /api/v1/auth/refresh",
  survivesReload: true,
  logout: "ends",
  user: { id: 1, email: "ada@example.com" },
  userAfterReload: { id: 1, role: { id: 2 }, sessionId: 1 },
  front: {
    paths: {
      login: "/api/v1/auth/email/login",
      refresh: "/api/v1/auth/refresh",
      logout: "/api/v1/auth/logout",
    },
    wrapper: (backend) => {
      const post = (path: string, authorization: string, body?: object) =>
        fetch(`${backend}/api/v1/auth/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization },
          body: JSON.stringify(body ?? {}),
        });
      return refreshCookie({
        login: (credentials) => post("email/login", "", credentials),
        refresh: (refreshToken) => post("refresh", `Bearer ${refreshToken}`),
        logout: (refreshToken) => post("logout", `Bearer ${refreshToken}`),
      });
    },
  },
  routes(vault) {
    const issue = (refreshToken: string) => ({
      token: vault.issue({ id: 1, role: { id: 2 }, sessionId: 1 }),
      refreshToken,
      tokenExpires: vault.now() + vault.lifetimeSeconds * 1000,
    });
    return {
      "POST /api/v1/auth/email/login": ({ body }) =>
        body["password"] === "right"
          ? { body: { ...issue(vault.begin()), user: { id: 1, email: "ada@example.com" } } }
          : { status: 422, body: { status: 422, errors: { password: "incorrectPassword" } } },
      "POST /api/v1/auth/refresh": ({ bearer }) => {
        const next = vault.rotate(bearer);
        return next ? { body: issue(next) } : unauthorized;
      },
      "POST /api/v1/auth/logout": ({ bearer }) => {
        if (!vault.holds(bearer)) return unauthorized;
        vault.end(bearer);
        return { status: 204 };
      },
      "GET /api/v1/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthorized,
    };
  },
};
