import { QueryClient } from "@tanstack/react-query";
import { authedQueryOptions, type Auth } from "react-authed-query";
import type { Ride, Session } from "../park.js";

/** Starts with a new token, so that no refresh is due, and has the server take it for expired. */
export async function expireOnServer(auth: Auth): Promise<void> {
  await auth.getAccessToken({ forceRefresh: true });
  await auth.api.post("/demo/token-expired");
}

/** Asks as a page does: a query that the library lets wait while the auth server cannot be reached. */
export async function queryRides(auth: Auth): Promise<number> {
  const options = authedQueryOptions(auth, {
    queryKey: ["rides"],
    request: "/rides",
    parse: (body) => body as Ride[],
    retry: true,
  });
  return (await new QueryClient().query(options)).length;
}

/** Ends this session on the server, as from another device: this page is not told. */
export async function revokeSession({ api }: Auth): Promise<void> {
  const { data } = await api.get<Session[]>("/sessions");
  const here = data.find(({ current }) => current);
  if (here) await api.delete(`/sessions/${here.id}`);
}
