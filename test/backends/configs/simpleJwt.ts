import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/token/",
  refresh: "/token/refresh/",
  logout: "/token/logout/",
});
