import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (code: string) => ({ status: 401, body: { message: code, code } });
const user = { id: "u1", name: "Ada", email: "ada@example.com" };

/** better-auth with its `jwt()` plugin: a session cookie, which buys JWTs. It is not rotated. */
export const betterAuth: Dialect = {
  name: "better-auth",
  lines: () => import("../configs/betterAuth.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "GET /api/auth/get-session",
  survivesReload: true,
  logout: "ends",
  user,
  routes(vault) {
    const name = "better-auth.session_token";
    const json = { "content-type": "application/json" };
    return {
      // Its token is that of the session: no API that takes JWTs knows it.
      "POST /api/auth/sign-in/email": ({ body, headers }) => {
        if (headers["content-type"] !== "application/json") return { status: 415 };
        if (body["password"] !== "right") return unauthorized("INVALID_EMAIL_OR_PASSWORD");
        const token = vault.begin();
        return {
          body: { redirect: false, token, user },
          cookies: [`${name}=${token}; Max-Age=604800; Path=/; HttpOnly; SameSite=Lax`],
        };
      },
      "GET /api/auth/get-session": ({ cookies }) =>
        vault.holds(cookies[name])
          ? {
              body: { session: { userId: "u1", token: cookies[name] }, user },
              headers: {
                "access-control-expose-headers": "set-auth-jwt",
                "set-auth-jwt": vault.issue({ ...user, sub: "u1" }),
              },
            }
          : { body: "null", headers: json },
      "POST /api/auth/sign-out": ({ cookies }) => {
        vault.end(cookies[name]);
        return { body: { success: true }, cookies: [`${name}=; Max-Age=0; Path=/; HttpOnly`] };
      },
      // An API of its own, which checks the JWT.
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : unauthorized("UNAUTHORIZED"),
    };
  },
};
