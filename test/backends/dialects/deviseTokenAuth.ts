import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = {
  status: 401,
  body: { errors: ["You need to sign in or sign up before continuing."] },
};

/**
 * devise_token_auth with `change_headers_on_each_request = false`: its four headers also come as one
 * Bearer token, and the user is in `data`. No refresh.
 */
export const deviseTokenAuth: Dialect = {
  name: "Rails devise_token_auth",
  lines: () => import("../configs/deviseTokenAuth.js"),
  isOpaque: true,
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: undefined,
  survivesReload: false,
  logout: "ends",
  user: null,
  routes(vault) {
    return {
      "POST /auth/sign_in": ({ body }) => {
        if (body["password"] !== "right") {
          return { status: 401, body: { success: false, errors: ["Invalid login credentials."] } };
        }
        const token = vault.issue();
        return {
          body: { data: { id: 1, email: "ada@example.com" } },
          headers: {
            "access-token": "a1",
            client: "c1",
            uid: "ada@example.com",
            authorization: `Bearer ${token}`,
          },
        };
      },
      "DELETE /auth/sign_out": ({ bearer }) => {
        if (!vault.isGood(bearer)) return { status: 404, body: { success: false } };
        vault.spend(bearer);
        return { body: { success: true } };
      },
      "GET /orders": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : unauthorized),
    };
  },
};
