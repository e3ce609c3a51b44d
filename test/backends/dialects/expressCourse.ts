import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

/** The well-known Express course: `GET /refresh`, no rotation, 403 for an expired token, text errors. */
export const expressCourse: Dialect = {
  name: "Express, the course",
  lines: () => import("../configs/expressCourse.js"),
  credentials: (pwd) => ({ user: "ada", pwd }),
  wrongPassword: 401,
  refreshRoute: "GET /refresh",
  survivesReload: true,
  logout: "ends",
  user: { UserInfo: { username: "ada", roles: [2001] } },
  routes(vault) {
    const text = { "content-type": "text/plain; charset=utf-8" };
    const unauthorized = { status: 401, body: "Unauthorized", headers: text };
    const forbidden = { status: 403, body: "Forbidden", headers: text };
    const granted = () => ({
      roles: [2001],
      accessToken: vault.issue({ UserInfo: { username: "ada", roles: [2001] } }),
    });
    const cookie = (value: string) =>
      `jwt=${value}; Max-Age=86400; Path=/; HttpOnly; Secure; SameSite=None`;
    return {
      "POST /auth": ({ body }) =>
        body["pwd"] === "right"
          ? { body: granted(), cookies: [cookie(vault.begin())] }
          : unauthorized,
      "GET /refresh": ({ cookies }) => {
        if (!cookies["jwt"]) return unauthorized;
        return vault.holds(cookies["jwt"]) ? { body: granted() } : forbidden;
      },
      "GET /logout": ({ cookies }) => {
        vault.end(cookies["jwt"]);
        return { status: 204, cookies: ["jwt=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"] };
      },
      "GET /orders": ({ bearer }) => {
        if (!bearer) return unauthorized;
        return vault.isGood(bearer) ? { body: orders } : forbidden;
      },
    };
  },
};
