import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  refresh: { url: "/auth/refresh", sendToken: true },
  logout: { url: "/auth/logout", sendToken: true },
});
