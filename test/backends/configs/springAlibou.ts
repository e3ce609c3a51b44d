import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api/v1",
  login: "/auth/authenticate",
  refresh: "/auth/refresh-token",
  logout: { url: "/auth/logout", sendToken: true },
  refreshOn: [401, 403],
});
