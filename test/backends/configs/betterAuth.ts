import { createAuth } from "react-authed-query";

type Session = { user: { id: string; name: string; email: string } } | null;

export const auth = createAuth({
  baseURL: "/api",
  async login({ credentials, fetch }) {
    const answer = await fetch("/auth/sign-in/email", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(credentials),
    });
    return answer.ok ? fetch("/auth/get-session") : answer; // the sign-in brings no JWT
  },
  refresh: { url: "/auth/get-session", method: "GET" },
  logout: "/auth/sign-out",
  readSession(data, response) {
    const session = data as Session; // null for a visitor
    return { accessToken: response?.headers.get("set-auth-jwt"), user: session?.user };
  },
});
