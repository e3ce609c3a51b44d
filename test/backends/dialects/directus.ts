import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, code: string) => ({
  status,
  body: { errors: [{ message: code, extensions: { code } }] },
});

/** Directus: `POST /auth/refresh`, cookie mode, an envelope, and `expires` in milliseconds. */
export const directus: Dialect = {
  name: "Directus",
  lines: () => import("../configs/directus.js"),
  credentials: (password) => ({ email: "ada@example.com", password, mode: "cookie" }),
  wrongPassword: 401,
  refreshRoute: "POST /auth/refresh",
  ask: (auth) => auth.api.get("/items/orders"),
  survivesReload: true,
  logout: "ends",
  user: { id: "u1" },
  routes(vault) {
    const cookie = (value: string) =>
      `directus_refresh_token=${value}; Max-Age=604800; Path=/; HttpOnly; SameSite=Strict`;
    const granted = () => ({
      data: { expires: vault.lifetimeSeconds * 1000, access_token: vault.issue({ id: "u1" }) },
    });
    return {
      "POST /auth/login": ({ body }) =>
        body["password"] === "right" && body["mode"] === "cookie"
          ? { body: granted(), cookies: [cookie(vault.begin())] }
          : error(401, "INVALID_CREDENTIALS"),
      "POST /auth/refresh": ({ cookies }) => {
        const old = cookies["directus_refresh_token"];
        if (!old) return error(400, "INVALID_PAYLOAD");
        const next = vault.rotate(old);
        return next
          ? { body: granted(), cookies: [cookie(next)] }
          : error(401, "INVALID_CREDENTIALS");
      },
      "POST /auth/logout": ({ cookies }) => {
        const token = cookies["directus_refresh_token"];
        if (!token) return error(400, "INVALID_PAYLOAD");
        vault.end(token);
        return { status: 204, cookies: ["directus_refresh_token=; Path=/; Max-Age=0"] };
      },
      "GET /items/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: { data: orders } } : error(401, "TOKEN_EXPIRED"),
    };
  },
};
