import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (detail: string) => ({ status: 401, body: { detail } });

/** The FastAPI boilerplate of benavlabs: a form to sign in, a cookie that is not rotated. */
export const fastapiBoilerplate: Dialect = {
  name: "FastAPI boilerplate",
  lines: () => import("../configs/fastapiBoilerplate.js"),
  credentials: (password) => new URLSearchParams({ username: "ada", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/v1/refresh",
  survivesReload: true,
  logout: "ends",
  user: { sub: "ada", token_type: "access" },
  routes(vault) {
    const issue = () => ({
      access_token: vault.issue({ sub: "ada", token_type: "access" }),
      token_type: "bearer",
    });
    return {
      "POST /api/v1/login": ({ body }) =>
        body["username"] === "ada" && body["password"] === "right"
          ? {
              body: issue(),
              cookies: [
                `refresh_token=${vault.begin()}; HttpOnly; Max-Age=604800; Path=/; SameSite=lax; Secure`,
              ],
            }
          : unauthorized("Wrong username, email or password."),
      "POST /api/v1/refresh": ({ cookies }) => {
        if (!cookies["refresh_token"]) return unauthorized("Refresh token missing.");
        return vault.holds(cookies["refresh_token"])
          ? { body: issue() }
          : unauthorized("Invalid refresh token.");
      },
      "POST /api/v1/logout": ({ bearer, cookies }) => {
        if (!bearer) return unauthorized("Not authenticated");
        if (!cookies["refresh_token"]) return unauthorized("Refresh token not found");
        if (!vault.isGood(bearer)) return unauthorized("Invalid token.");
        vault.end(cookies["refresh_token"]);
        return {
          body: { message: "Logged out successfully" },
          cookies: ['refresh_token=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/'],
        };
      },
      "GET /api/v1/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthorized("User not authenticated."),
    };
  },
};
