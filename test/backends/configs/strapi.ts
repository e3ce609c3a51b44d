import { createAuth } from "react-authed-query";

const headers = { "x-strapi-refresh-cookie": "httpOnly" };

export const auth = createAuth({
  baseURL: "/api",
  login: { url: "/auth/local", headers },
  refresh: { url: "/auth/refresh", headers },
  logout: { url: "/auth/logout", headers, sendToken: true },
});
