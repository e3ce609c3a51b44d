import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/users/login",
  refresh: "/users/refresh-token",
  logout: "/users/logout",
  refreshOn: [401, 403],
  refreshAhead: { background: true },
});
