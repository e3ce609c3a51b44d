import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const invalid = {
  status: 401,
  body: { detail: "Token is invalid or expired", code: "token_not_valid" },
  headers: { "www-authenticate": 'Bearer realm="api"' },
};

/** Django SimpleJWT, and djoser over it: `refresh` in the body, rotated. */
export const simpleJwt: Dialect = {
  name: "Django SimpleJWT",
  lines: () => import("../configs/simpleJwt.js"),
  credentials: (password) => ({ username: "ada", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/token/refresh/",
  ask: (auth) => auth.api.get("/orders/"),
  survivesReload: true,
  logout: "ends",
  user: { token_type: "access", user_id: "1" },
  front: {
    paths: {
      login: "/api/token/",
      refresh: "/api/token/refresh/",
      logout: "/api/token/logout/",
    },
    wrapper: (backend) => {
      const post = (path: string, body: object) =>
        fetch(`${backend}/api/token/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
      return refreshCookie({
        login: (credentials) => post("", credentials),
        refresh: (refresh) => post("refresh/", { refresh }),
        logout: (refresh) => post("blacklist/", { refresh }),
      });
    },
  },
  routes(vault) {
    // Up to 5.5.0 an access token says when the person signed in, not when it was issued.
    let iat = 0;
    const issue = () => vault.issue({ token_type: "access", user_id: "1", iat });
    const signIn = () => {
      iat = Math.floor(vault.now() / 1000);
      return { refresh: vault.begin(), access: issue() };
    };
    return {
      "POST /api/token/": ({ body }) =>
        body["password"] === "right"
          ? { body: signIn() }
          : {
              status: 401,
              body: { detail: "No active account found with the given credentials" },
            },
      "POST /api/token/refresh/": ({ body }) => {
        if (!body["refresh"]) {
          return { status: 400, body: { refresh: ["This field is required."] } };
        }
        const refresh = vault.rotate(body["refresh"]);
        return refresh ? { body: { access: issue(), refresh } } : invalid;
      },
      "POST /api/token/blacklist/": ({ body }) => {
        vault.end(body["refresh"]);
        return { body: {} };
      },
      "GET /api/orders/": ({ bearer }) => (vault.isGood(bearer) ? { body: orders } : invalid),
    };
  },
};
