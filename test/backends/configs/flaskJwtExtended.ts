import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/login",
  refresh: "/refresh",
  logout: "/logout",
  csrf: { cookie: "csrf_refresh_token", header: "X-CSRF-TOKEN" },
});
