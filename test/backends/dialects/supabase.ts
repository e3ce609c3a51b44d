import { supabase as wrapper } from "../wrappers/supabase.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, error_code: string, msg: string) => ({
  status,
  body: { code: status, error_code, msg },
});

/** Supabase Auth: a token endpoint that takes JSON and an API key. */
export const supabase: Dialect = {
  name: "Supabase Auth",
  lines: () => import("../configs/standard.js"),
  credentials: (password) => ({ email: "ada@example.com", password }),
  wrongPassword: 400,
  refreshRoute: "POST /api/auth/refresh",
  survivesReload: true,
  logout: "ends",
  user: { id: "u1", email: "ada@example.com" },
  front: { wrapper: (backend) => wrapper(`${backend}/auth/v1`, "anon-key") },
  routes(vault) {
    const grant = (refresh_token: string) => ({
      body: {
        access_token: vault.issue({ sub: "u1", role: "authenticated" }),
        token_type: "bearer",
        expires_in: vault.lifetimeSeconds,
        expires_at: Math.floor(vault.now() / 1000) + vault.lifetimeSeconds,
        refresh_token,
        user: { id: "u1", email: "ada@example.com" },
      },
    });
    return {
      "POST /auth/v1/token": ({ headers, query, body }) => {
        if (headers["apikey"] !== "anon-key")
          return { status: 401, body: { message: "No API key" } };
        if (query.get("grant_type") === "password") {
          return body["password"] === "right"
            ? grant(vault.begin())
            : error(400, "invalid_credentials", "Invalid login credentials");
        }
        const next = vault.rotate(body["refresh_token"]);
        return next
          ? grant(next)
          : error(400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
      },
      "POST /auth/v1/logout": ({ bearer }) => {
        if (!vault.isGood(bearer)) return error(403, "bad_jwt", "invalid JWT");
        vault.revoke();
        return { status: 204 };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer)
          ? { body: orders }
          : { status: 401, body: { code: "PGRST301", message: "JWT expired" } },
    };
  },
};
