import { refreshCookie } from "../wrappers/refreshCookie.js";
import type { Dialect } from "../support/dialect.js";
import { simpleJwt } from "./simpleJwt.js";

/** djoser: SimpleJWT's views at other addresses. */
export const djoser: Dialect = {
  ...simpleJwt,
  name: "djoser",
  lines: () => import("../configs/djoser.js"),
  refreshRoute: "POST /api/auth/jwt/refresh/",
  front: {
    paths: {
      login: "/api/auth/jwt/create/",
      refresh: "/api/auth/jwt/refresh/",
      logout: "/api/auth/jwt/logout/",
    },
    wrapper: (backend) => {
      const post = (path: string, body: object) =>
        fetch(`${backend}/api/auth/jwt/${path}/`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify(body),
        });
      return refreshCookie({
        login: (credentials) => post("create", credentials),
        refresh: (refresh) => post("refresh", { refresh }),
        logout: (refresh) => post("blacklist", { refresh }),
      });
    },
  },
  routes(vault) {
    const views = simpleJwt.routes(vault);
    return {
      "POST /api/auth/jwt/create/": views["POST /api/token/"]!,
      "POST /api/auth/jwt/refresh/": views["POST /api/token/refresh/"]!,
      "POST /api/auth/jwt/blacklist/": views["POST /api/token/blacklist/"]!,
      "GET /api/orders/": views["GET /api/orders/"]!,
    };
  },
};
