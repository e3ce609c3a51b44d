import type { Hono } from "hono";
import { refreshCookie } from "./refreshCookie.js";

/** @param url - of the auth service, such as `https://….auth.….nhost.run/v1`. */
export function nhost(url: string): Hono {
  const post = (path: string, body: object) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return refreshCookie({
    async login(credentials) {
      const answer = await post("/signin/email-password", credentials);
      const { session, ...rest } = (await answer.json()) as { session?: object };
      return Response.json(session ?? rest, { status: answer.status });
    },
    refresh: (refreshToken) => post("/token", { refreshToken }),
    logout: (refreshToken) => post("/signout", { refreshToken }),
  });
}
