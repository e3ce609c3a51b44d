import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/dj-rest-auth/login/",
  refresh: "/dj-rest-auth/token/refresh/",
  logout: "/dj-rest-auth/logout/",
});
