import { createAuth } from "react-authed-query";

type Answer = { token: string; record: { id: string; email: string } };

export const auth = createAuth({
  baseURL: "/api",
  login: "/collections/users/auth-with-password", // login({ identity, password })
  refresh: { url: "/collections/users/auth-refresh", sendToken: true },
  logout: false,
  refreshAhead: { background: true },
  readSession(data) {
    const { token, record } = data as Answer;
    return { accessToken: token, user: record };
  },
});
