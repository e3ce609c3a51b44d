import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, message: string) => ({
  status,
  body: { status, message, data: {} },
});

/** PocketBase: renews a valid token, and takes an expired one for a guest's: nobody answers 401. */
export const pocketbase: Dialect = {
  name: "PocketBase",
  lines: () => import("../configs/pocketbase.js"),
  credentials: (password) => ({ identity: "ada@example.com", password }),
  wrongPassword: 400,
  refreshRoute: "POST /api/collections/users/auth-refresh",
  renewsOnlyValid: true,
  welcomesGuests: true,
  ask: async (auth) => {
    const { data } = await auth.api.get<{ items: string[] }>("/collections/orders/records");
    if (data.items.length === 0) throw new Error("a guest's answer");
    return data;
  },
  survivesReload: false,
  logout: "none",
  user: { id: "u1", email: "ada@example.com" },
  routes(vault) {
    const record = { id: "u1", email: "ada@example.com" };
    const claims = {
      id: "u1",
      type: "auth",
      collectionId: "c1",
      refreshable: true,
      iat: undefined,
    };
    const granted = () => ({ body: { token: vault.issue(claims), record } });
    return {
      "POST /api/collections/users/auth-with-password": ({ body }) =>
        body["password"] === "right" ? granted() : error(400, "Failed to authenticate."),
      "POST /api/collections/users/auth-refresh": ({ bearer }) =>
        vault.isGood(bearer)
          ? granted()
          : error(401, "The request requires valid record authorization token."),
      "GET /api/collections/orders/records": ({ bearer }) => ({
        body: { page: 1, items: vault.isGood(bearer) ? orders : [] },
      }),
    };
  },
};
