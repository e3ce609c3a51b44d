import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, detail: string) => ({ status, body: { detail } });

/** The full-stack FastAPI template: one long token, no refresh, 403 for a bad token. */
export const fastapiTemplate: Dialect = {
  name: "FastAPI full-stack template",
  lines: () => import("../configs/fastapiTemplate.js"),
  credentials: (password) => new URLSearchParams({ username: "ada@example.com", password }),
  wrongPassword: 400,
  refreshRoute: undefined,
  survivesReload: false,
  logout: "none",
  user: { sub: "u1" },
  routes(vault) {
    return {
      "POST /api/v1/login/access-token": ({ body }) =>
        body["username"] && body["password"] === "right"
          ? { body: { access_token: vault.issue({ sub: "u1" }), token_type: "bearer" } }
          : error(400, "Incorrect email or password"),
      "GET /api/v1/orders": ({ bearer }) => {
        if (!bearer) return error(401, "Not authenticated");
        return vault.isGood(bearer)
          ? { body: orders }
          : error(403, "Could not validate credentials");
      },
      "GET /api/v1/admin": () => error(403, "The user doesn't have enough privileges"),
    };
  },
};
