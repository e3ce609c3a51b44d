import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/auth/jwt/create/",
  refresh: "/auth/jwt/refresh/",
  logout: "/auth/jwt/logout/",
});
