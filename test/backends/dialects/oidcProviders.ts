import { oidc } from "../wrappers/oidc.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

interface Provider {
  name: string;
  tokenPath: string;
  revocationPath: string;
  /** The status of `invalid_grant`. */
  refusal: number;
  /** Each refresh brings a new refresh token. */
  rotates: boolean;
}

/** A token endpoint of RFC 6749: forms go in, and a refusal is `invalid_grant`. */
function provider({ name, tokenPath, revocationPath, refusal, rotates }: Provider): Dialect {
  return {
    name,
    lines: () => import("../configs/standard.js"),
    credentials: (code) => ({ code, code_verifier: "a-verifier" }),
    wrongPassword: refusal,
    refreshRoute: "POST /api/auth/refresh",
    survivesReload: true,
    logout: "ends",
    user: { sub: "u1", iss: "https://id.example.com" },
    front: {
      wrapper: (backend) =>
        oidc(
          { client_id: "shop", client_secret: "s3cret" },
          backend + tokenPath,
          backend + revocationPath,
          "https://shop.example.com/callback",
        ),
    },
    routes(vault) {
      const invalid = {
        status: refusal,
        body: { error: "invalid_grant", error_description: "Token is not active" },
      };
      const grant = (refresh_token: string | undefined) => ({
        body: {
          access_token: vault.issue({ sub: "u1", iss: "https://id.example.com" }),
          expires_in: vault.lifetimeSeconds,
          token_type: "Bearer",
          ...(refresh_token && { refresh_token }),
        },
      });
      return {
        [`POST ${tokenPath}`]: ({ body, headers }) => {
          if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") !== true) {
            return { status: 415 };
          }
          if (body["client_id"] !== "shop" || body["client_secret"] !== "s3cret") {
            return { status: 401, body: { error: "invalid_client" } };
          }
          if (body["grant_type"] === "authorization_code") {
            const isGood = body["code"] === "right" && body["code_verifier"] === "a-verifier";
            return isGood ? grant(vault.begin()) : invalid;
          }
          if (!rotates) return vault.holds(body["refresh_token"]) ? grant(undefined) : invalid;
          const next = vault.rotate(body["refresh_token"]);
          return next ? grant(next) : invalid;
        },
        [`POST ${revocationPath}`]: ({ body }) => {
          vault.end(body["token"]);
          return {};
        },
        "GET /api/orders": ({ bearer }) =>
          vault.isGood(bearer)
            ? { body: orders }
            : {
                status: 401,
                headers: { "www-authenticate": 'Bearer realm="shop", error="invalid_token"' },
              },
      };
    },
  };
}

export const keycloak = provider({
  name: "Keycloak",
  tokenPath: "/realms/shop/protocol/openid-connect/token",
  revocationPath: "/realms/shop/protocol/openid-connect/revoke",
  refusal: 400,
  rotates: true,
});

export const auth0 = provider({
  name: "Auth0",
  tokenPath: "/oauth/token",
  revocationPath: "/oauth/revoke",
  refusal: 403,
  rotates: true,
});

export const cognito = provider({
  name: "Amazon Cognito",
  tokenPath: "/oauth2/token",
  revocationPath: "/oauth2/revoke",
  refusal: 400,
  rotates: false,
});
