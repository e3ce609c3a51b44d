import { createAuth, type EndpointContext } from "react-authed-query";

type Fetch = EndpointContext["fetch"];

/** Calls the endpoint, and asks with the new token whose it is. */
async function withUser(fetch: Fetch, path: string, body: unknown): Promise<unknown> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(path, { method: "POST", headers, body: JSON.stringify(body) });
  if (!answer.ok) return answer;
  const tokens = (await answer.json()) as { accessToken: string };
  const authorization = `Bearer ${tokens.accessToken}`;
  const profile = await fetch("/me", { headers: { authorization } });
  return profile.ok ? { ...tokens, user: await profile.json() } : profile;
}

export const auth = createAuth({
  baseURL: "/api",
  login: ({ credentials, fetch }) => withUser(fetch, "/auth/login", credentials),
  refresh: ({ fetch }) => withUser(fetch, "/auth/refresh", {}),
});
