import type { AuthServer } from "./authServer.js";

/** Gives what is already under way the time of a few requests. */
export async function roundTrip(server: AuthServer): Promise<void> {
  for (const path of ["/ping", "/ping", "/ping"]) await server.fetch(server.url + path, {});
}
