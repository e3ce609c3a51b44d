import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const problem = (status: number, detail: string) => ({ status, body: { status, detail } });

/** Essencium (Spring): the cookie renews only together with the access token it gave, still valid. */
export const essencium: Dialect = {
  name: "Spring, Essencium",
  lines: () => import("../configs/essencium.js"),
  credentials: (password) => ({ username: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /auth/renew",
  renewsOnlyValid: true,
  survivesReload: false,
  logout: "ends",
  user: { sub: "ada@example.com" },
  routes(vault) {
    const issue = () => ({ token: vault.issue({ sub: "ada@example.com" }) });
    return {
      "POST /auth/token": ({ body }) =>
        body["password"] === "right"
          ? {
              body: issue(),
              cookies: [`refreshToken=${vault.begin()}; Path=/auth/renew; HttpOnly; Secure`],
            }
          : problem(401, "Bad credentials"),
      "POST /auth/renew": ({ bearer, cookies }) => {
        if (!cookies["refreshToken"]) return problem(400, "Required cookie is not present.");
        if (!bearer) return problem(401, "No access token provided");
        if (!vault.holds(cookies["refreshToken"])) return problem(401, "Refresh token is invalid");
        return vault.isGood(bearer) ? { body: issue() } : problem(401, "Session expired");
      },
      // The cookie stays, but the session that it names is gone.
      "POST /auth/logout": ({ bearer }) => {
        if (!vault.isGood(bearer)) return problem(401, "Session expired");
        vault.revoke();
        return {};
      },
      "GET /orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : problem(401, "Session expired"),
    };
  },
};
