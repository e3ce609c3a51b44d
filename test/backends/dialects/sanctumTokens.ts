import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthenticated = { status: 401, body: { message: "Unauthenticated." } };

/** Laravel Sanctum's API tokens: `id|secret`, of which the secret alone is found too. No refresh. */
export const sanctumTokens: Dialect = {
  name: "Laravel Sanctum, API tokens",
  lines: () => import("../configs/sanctumTokens.js"),
  isOpaque: true,
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 422,
  refreshRoute: undefined,
  survivesReload: false,
  logout: "ends",
  user: { id: 1 },
  routes(vault) {
    return {
      "POST /api/login": ({ body }) =>
        body["password"] === "right"
          ? { body: { token: `7|${vault.issue()}`, user: { id: 1 } } }
          : { status: 422, body: { message: "The provided credentials are incorrect." } },
      "POST /api/logout": ({ bearer }) => {
        if (!vault.isGood(bearer)) return unauthenticated;
        vault.spend(bearer);
        return { status: 204 };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthenticated,
    };
  },
};
