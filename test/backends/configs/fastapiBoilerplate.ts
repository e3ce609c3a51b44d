import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api/v1",
  login: "/login", // takes a form: login(new URLSearchParams({ username, password }))
  refresh: "/refresh",
  logout: { url: "/logout", sendToken: true },
});
