import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/auth",
  refresh: { url: "/refresh", method: "GET" },
  logout: { url: "/logout", method: "GET" },
  refreshOn: [403], // its 401 is about roles
  identify: (_user, claims) =>
    (claims?.["UserInfo"] as { username?: string } | undefined)?.username,
});
