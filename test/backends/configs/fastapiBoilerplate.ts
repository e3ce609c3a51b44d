import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api/v1",
  login: "/login", // takes a form: login(new URLSearchParams({ username, password }))
  refresh: "/refresh",
  async logout({ fetch }) {
    const answer = await fetch("/refresh", { method: "POST" });
    const { access_token } = await answer.json(); // the logout wants one that is good
    const authorization = `Bearer ${access_token}`;
    return fetch("/logout", { method: "POST", headers: { authorization } });
  },
});
