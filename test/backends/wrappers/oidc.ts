import type { Hono } from "hono";
import { refreshCookie } from "./refreshCookie.js";

/** For any provider with a token endpoint. `client` holds `client_id`, and `client_secret` if any. */
export function oidc(
  client: Record<string, string>,
  tokenURL: string,
  revocationURL: string,
  redirect_uri: string,
): Hono {
  const post = (url: string, fields: Record<string, string>) =>
    fetch(url, { method: "POST", body: new URLSearchParams({ ...client, ...fields }) });
  return refreshCookie({
    login: ({ code, code_verifier }) =>
      post(tokenURL, {
        grant_type: "authorization_code",
        code: String(code),
        code_verifier: String(code_verifier),
        redirect_uri,
      }),
    refresh: (refresh_token) => post(tokenURL, { grant_type: "refresh_token", refresh_token }),
    logout: (token) => post(revocationURL, { token, token_type_hint: "refresh_token" }),
  });
}
