import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/login",
  refresh: "/refresh",
  logout: { url: "/login", method: "DELETE" },
  csrf: { cookie: "csrf", header: "X-CSRF-Token" },
});
