import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, headers: { "www-authenticate": "Bearer" } };

/** ASP.NET Core `MapIdentityApi`: opaque tokens, `refreshToken` in the body, no logout. */
export const aspnetIdentity: Dialect = {
  name: "ASP.NET Core, MapIdentityApi",
  lines: () => import("../configs/standard.js"),
  isOpaque: true,
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "forgets",
  user: null,
  front: {
    wrapper: (backend) => {
      const post = (path: string, body: object) =>
        fetch(`${backend}/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
      return refreshCookie({
        login: (credentials) => post("login", credentials),
        refresh: (refreshToken) => post("refresh", { refreshToken }),
      });
    },
  },
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: {
        tokenType: "Bearer",
        accessToken: vault.issue(),
        expiresIn: vault.lifetimeSeconds,
        refreshToken,
      },
    });
    return {
      "POST /login": ({ body }) =>
        body["password"] === "right"
          ? grant(vault.begin())
          : { status: 401, body: { title: "Unauthorized", status: 401, detail: "Failed" } },
      "POST /refresh": ({ body }) =>
        vault.holds(body["refreshToken"]) ? grant(vault.begin()) : unauthorized,
      "GET /api/orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
