import { nhost } from "../wrappers/nhost.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

/** nhost with Hasura: GraphQL answers an expired token with 200 and an error inside. */
export const hasura: Dialect = {
  name: "nhost and Hasura",
  lines: () => import("../configs/hasura.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refresh",
  async ask(auth) {
    const query = { query: "{ orders { id } }" };
    const { data } = await auth.api.post<{ errors?: unknown }>("/v1/graphql", query);
    if (data.errors) throw new Error("an error inside a 200");
    return data;
  },
  survivesReload: true,
  logout: "ends",
  user: { id: "u1", email: "ada@example.com" },
  front: { wrapper: (backend) => nhost(`${backend}/v1`) },
  routes(vault) {
    const session = (refreshToken: string) => ({
      accessToken: vault.issue({ sub: "u1" }),
      accessTokenExpiresIn: vault.lifetimeSeconds,
      refreshToken,
      refreshTokenId: "r1",
      user: { id: "u1", email: "ada@example.com" },
    });
    const error = (code: string, message: string) => ({
      body: { errors: [{ extensions: { path: "$", code }, message }] },
    });
    return {
      "POST /v1/signin/email-password": ({ body }) =>
        body["password"] === "right"
          ? { body: { session: session(vault.begin()), mfa: null } }
          : { status: 401, body: { status: 401, error: "invalid-email-password" } },
      "POST /v1/token": ({ body }) => {
        const next = vault.rotate(body["refreshToken"]);
        return next
          ? { body: session(next) }
          : { status: 401, body: { status: 401, error: "invalid-refresh-token" } };
      },
      "POST /v1/signout": ({ body }) => {
        vault.end(body["refreshToken"]);
        return { body: "OK" };
      },
      "POST /api/v1/graphql": ({ bearer }) => {
        if (!bearer) return error("access-denied", "missing authorization header");
        return vault.isGood(bearer)
          ? { body: { data: { orders } } }
          : error("invalid-jwt", "Could not verify JWT: JWTExpired");
      },
    };
  },
};
