import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/token/",
  refresh: ({ accessToken, fetch }) =>
    fetch("/token/refresh/", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ token: accessToken }),
    }),
  logout: false,
  refreshAhead: { background: true },
});
