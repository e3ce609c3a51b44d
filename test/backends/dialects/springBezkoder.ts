import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { orders } from "../support/dialect.js";

const error = (status: number, message: string) => ({ status, body: { status, message } });

/** Spring as bezkoder teaches it: `refreshToken` in the body, 403 when it is refused. */
export const springBezkoder: Dialect = {
  name: "Spring, bezkoder",
  lines: () => import("../configs/springBezkoder.js"),
  credentials: (password) => ({ username: "ada", password }),
  wrongPassword: 401,
  refreshRoute: "POST /api/auth/refreshtoken",
  survivesReload: true,
  logout: "ends",
  user: { sub: "ada" },
  front: {
    paths: {
      login: "/api/auth/signin",
      refresh: "/api/auth/refreshtoken",
      logout: "/api/auth/signout",
    },
    wrapper: (backend) => {
      const post = (path: string, body: object, authorization = "") =>
        fetch(`${backend}/api/auth/${path}`, {
          method: "POST",
          headers: { "content-type": "application/json", authorization },
          body: JSON.stringify(body),
        });
      return refreshCookie({
        login: (credentials) => post("signin", credentials),
        refresh: (refreshToken) => post("refreshtoken", { refreshToken }),
        async logout(refreshToken) {
          const answer = await post("refreshtoken", { refreshToken });
          const { accessToken } = (await answer.json()) as { accessToken?: string };
          return post("signout", {}, `Bearer ${accessToken}`);
        },
      });
    },
  },
  routes(vault) {
    const issue = () => vault.issue({ sub: "ada" });
    return {
      "POST /api/auth/signin": ({ body }) =>
        body["password"] === "right"
          ? {
              body: {
                id: 1,
                username: "ada",
                email: "ada@example.com",
                roles: ["ROLE_USER"],
                accessToken: issue(),
                tokenType: "Bearer",
                refreshToken: vault.begin(),
              },
            }
          : error(401, "Bad credentials"),
      "POST /api/auth/refreshtoken": ({ body: { refreshToken } }) =>
        vault.holds(refreshToken)
          ? { body: { accessToken: issue(), refreshToken, tokenType: "Bearer" } }
          : error(403, `Failed for [${String(refreshToken)}]: not in database!`),
      "POST /api/auth/signout": ({ bearer }) => {
        if (!vault.isGood(bearer)) return error(401, "Full authentication is required");
        vault.revoke();
        return { body: { message: "Log out successful!" } };
      },
      "GET /api/orders": ({ bearer }) =>
        vault.isGood(bearer) ? { body: orders } : error(401, "Full authentication is required"),
    };
  },
};
