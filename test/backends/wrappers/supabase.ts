import type { Hono } from "hono";
import { refreshCookie } from "./refreshCookie.js";

/** @param url - of the auth service, such as `https://….supabase.co/auth/v1`. */
export function supabase(url: string, apikey: string): Hono {
  const post = (path: string, body: object, authorization = `Bearer ${apikey}`) =>
    fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", apikey, authorization },
      body: JSON.stringify(body),
    });
  return refreshCookie({
    login: (credentials) => post("/token?grant_type=password", credentials),
    refresh: (refresh_token) => post("/token?grant_type=refresh_token", { refresh_token }),
    async logout(refresh_token) {
      const answer = await post("/token?grant_type=refresh_token", { refresh_token });
      if (!answer.ok) return answer;
      const { access_token } = (await answer.json()) as { access_token: string };
      return post("/logout?scope=local", {}, `Bearer ${access_token}`);
    },
  });
}
