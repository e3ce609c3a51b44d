import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const invalid = {
  status: 401,
  body: { detail: "Token is invalid or expired", code: "token_not_valid" },
  headers: { "www-authenticate": 'Bearer realm="api"' },
};

/** SimpleJWT's sliding tokens: one token that renews itself while it is good. */
export const simpleJwtSliding: Dialect = {
  name: "Django SimpleJWT, sliding tokens",
  lines: () => import("../configs/simpleJwtSliding.js"),
  credentials: (password) => ({ username: "ada", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/token/refresh/",
  renewsOnlyValid: true,
  ask: (auth) => auth.api.get("/orders/"),
  survivesReload: false,
  logout: "none",
  user: { token_type: "sliding", user_id: "1" },
  routes(vault) {
    const issue = () => ({ token: vault.issue({ token_type: "sliding", user_id: "1" }) });
    return {
      "POST /api/token/": ({ body }) =>
        body["password"] === "right"
          ? { body: issue() }
          : { status: 401, body: { detail: "No active account found" } },
      "POST /api/token/refresh/": ({ body }) => {
        if (!body["token"]) return { status: 400, body: { token: ["This field is required."] } };
        return vault.isGood(body["token"]) ? { body: issue() } : invalid;
      },
      "GET /api/orders/": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : invalid),
    };
  },
};
