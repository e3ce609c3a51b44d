import { createAuth } from "react-authed-query";

export const auth = createAuth({
  async login({ credentials, fetch }) {
    const answer = await fetch("/auth/customer/emailpass", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
    const { token } = await answer.clone().json();
    const headers = { authorization: `Bearer ${token}` };
    if (answer.ok) await fetch("/auth/session", { method: "POST", headers });
    return answer;
  },
  refresh: "/auth/token/refresh",
  logout: { url: "/auth/session", method: "DELETE" },
});
