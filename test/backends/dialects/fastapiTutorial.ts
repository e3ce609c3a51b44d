import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const unauthorized = (detail: string) => ({
  status: 401,
  body: { detail },
  headers: { "www-authenticate": "Bearer" },
});

/** The FastAPI tutorial, with the section's refresh cookie: not rotated, and no token tells its `iat`. */
export const fastapiTutorial: Dialect = {
  name: "FastAPI tutorial",
  lines: () => import("../configs/fastapiTutorial.js"),
  credentials: (password) => new URLSearchParams({ username: "johndoe", password }),
  wrongPassword: 401,
  refreshRoute: "POST /token/refresh",
  survivesReload: true,
  logout: "forgets",
  user: { sub: "johndoe" },
  routes(vault) {
    const grant = (refreshToken: string) => ({
      body: {
        access_token: vault.issue({ sub: "johndoe", iat: undefined, jti: undefined }),
        token_type: "bearer",
      },
      cookies: [
        `refresh=${refreshToken}; HttpOnly; Max-Age=2592000; Path=/token; SameSite=strict; Secure`,
      ],
    });
    return {
      "POST /token": ({ body }) =>
        body["username"] && body["password"] === "right"
          ? grant(vault.begin())
          : unauthorized("Incorrect username or password"),
      "POST /token/refresh": ({ cookies }) =>
        vault.holds(cookies["refresh"])
          ? grant(vault.begin())
          : { status: 401, body: { detail: "Unauthorized" } },
      "POST /token/logout": () => ({
        status: 204,
        cookies: ['refresh=""; HttpOnly; Max-Age=0; Path=/token; SameSite=strict; Secure'],
      }),
      "GET /orders": ({ bearer }) => {
        if (!bearer) return unauthorized("Not authenticated");
        return vault.isGood(bearer)
          ? { body: orders }
          : unauthorized("Could not validate credentials");
      },
    };
  },
};
