import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api",
  // The server asks for a header that no form of another site can send.
  login: { url: "/auth/login", headers: { "X-Requested-With": "app" } },
  refresh: { url: "/auth/refresh", headers: { "X-Requested-With": "app" } },
  logout: { url: "/auth/logout", headers: { "X-Requested-With": "app" } },
});

export const withCSRFToken = createAuth({
  baseURL: "/api",
  csrf: { cookie: "csrf_token", header: "X-CSRF-Token" },
});

export const withOwnReading = createAuth({
  baseURL: "/api",
  readSession(data) {
    const { jwt, ttl, profile } = data as { jwt: string; ttl: number; profile: { id: string } };
    return { accessToken: jwt, expiresInSeconds: ttl / 1000, user: profile };
  },
});
