import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/auth/signin",
  refresh: "/auth/refreshtoken",
  logout: "/auth/signout",
});
