import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  logout: { url: "/auth/logout", sendToken: true },
});
