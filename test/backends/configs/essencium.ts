import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/auth/token",
  refresh: { url: "/auth/renew", sendToken: true },
  logout: { url: "/auth/logout", sendToken: true },
  refreshAhead: { background: true },
});
