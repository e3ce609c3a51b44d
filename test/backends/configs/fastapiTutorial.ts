import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/token", // takes a form: login(new URLSearchParams({ username, password }))
  refresh: "/token/refresh",
  logout: "/token/logout",
});
