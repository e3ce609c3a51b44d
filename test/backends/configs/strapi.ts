import { createAuth } from "react-authed-query";

const headers = { "x-strapi-refresh-cookie": "httpOnly" };

export const auth = createAuth({
  baseURL: "/api",
  login: { url: "/auth/local", headers },
  refresh: { url: "/auth/refresh", headers },
  async logout({ fetch }) {
    const answer = await fetch("/auth/refresh", { method: "POST", headers });
    const { jwt } = await answer.json(); // the logout wants one that is good
    const authorization = `Bearer ${jwt}`;
    return fetch("/auth/logout", { method: "POST", headers: { ...headers, authorization } });
  },
});
