import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = { status: 401, body: { type: "unauthorized", message: "Unauthorized" } };

/** Medusa 2: the refresh takes the current token, or the session cookie that a token can buy. */
export const medusa: Dialect = {
  name: "Medusa 2",
  lines: () => import("../configs/medusa.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /auth/token/refresh",
  ask: (auth) => auth.api.get("/store/orders"),
  survivesReload: true,
  logout: "ends",
  user: { actor_id: "cus_1", actor_type: "customer" },
  routes(vault) {
    const issue = () => ({ token: vault.issue({ actor_id: "cus_1", actor_type: "customer" }) });
    return {
      "POST /auth/customer/emailpass": ({ body }) =>
        body["password"] === "right"
          ? { body: issue() }
          : { ...unauthorized, body: { message: "Invalid email or password" } },
      "POST /auth/session": ({ bearer }) =>
        vault.isGood(bearer)
          ? {
              body: { user: { actor_id: "cus_1" } },
              cookies: [`connect.sid=${vault.begin()}; Path=/; HttpOnly`],
            }
          : unauthorized,
      "POST /auth/token/refresh": ({ bearer, cookies }) =>
        vault.holds(cookies["connect.sid"]) || vault.isGood(bearer)
          ? { body: issue() }
          : unauthorized,
      "DELETE /auth/session": ({ cookies }) => {
        if (!vault.holds(cookies["connect.sid"])) return unauthorized;
        vault.end(cookies["connect.sid"]);
        return {
          body: { success: true },
          cookies: ["connect.sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"],
        };
      },
      "GET /store/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: { orders } } : unauthorized,
    };
  },
};
