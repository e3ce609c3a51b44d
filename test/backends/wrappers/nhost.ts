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
      if (!answer.ok) return answer;
      const { session, ...rest } = (await answer.json()) as { session?: object };
      return Response.json(session ?? rest);
    },
    refresh: (refreshToken) => post("/token", { refreshToken }),
    logout: (refreshToken) => post("/signout", { refreshToken }),
  });
}
