import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  login: "/login",
  refresh: () => new Response(null, { status: 401 }), // there is none: a 401 ends the session
  logout: { url: "/logout", sendToken: true },
  readSession(data) {
    const { token, user } = data as { token?: string; user: { id: number } };
    return { accessToken: token?.split("|").pop(), user }; // "|" may not stand in a Bearer header
  },
});
