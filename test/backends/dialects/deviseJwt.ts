import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (body: string) => ({ status: 401, body });

/** Rails devise-jwt: the token is in a response header, signing out takes `DELETE`. No refresh. */
export const deviseJwt: Dialect = {
  name: "Rails devise-jwt",
  lines: () => import("../configs/deviseJwt.js"),
  credentials: (password) => ({ user: { email: "ada@example.com", password } }),
  wrongPassword: 401,
  refreshRoute: undefined,
  survivesReload: false,
  logout: "ends",
  user: { sub: "1", scp: "user" },
  routes(vault) {
    return {
      "POST /users/sign_in": ({ body }) =>
        (body["user"] as { password: string }).password === "right"
          ? {
              body: { id: 1, email: "ada@example.com" },
              headers: { authorization: `Bearer ${vault.issue({ sub: "1", scp: "user" })}` },
            }
          : { status: 401, body: { error: "Invalid Email or password." } },
      "DELETE /users/sign_out": ({ bearer }) => {
        if (!vault.isGood(bearer)) return unauthorized("");
        vault.spend(bearer);
        return { status: 204 };
      },
      "GET /orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthorized("Signature has expired"),
    };
  },
};
