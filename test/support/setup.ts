import { createAuth, type Auth, type AuthEvent, type CreateAuthOptions } from "react-authed-query";
import { onTestFinished } from "vitest";
import type { Platform } from "../../src/core/platform/platform.js";
import { startAuthServer, type AuthServer } from "./authServer.js";
import { createClock, type Clock } from "./clock.js";

export interface Setup {
  server: AuthServer;
  auth: Auth;
  clock: Clock;
  events: AuthEvent[];
  /** The reasons `onLogout` was called with. */
  logouts: string[];
}

/** The options of `createAuth`, whether somebody signs in first, and the platform's members to change. */
export type SetupOptions = CreateAuthOptions & {
  signedIn?: boolean;
  platform?: Partial<Platform>;
};

/** A server, an Auth on it with a clock moved by hand, and what happened; all cleaned up after the test. */
export async function setup({
  signedIn = true,
  platform = {},
  ...options
}: SetupOptions = {}): Promise<Setup> {
  const server = await startAuthServer();
  const clock = createClock(platform);
  server.tokens.now = clock.platform.now;
  const auth = createAuth({ baseURL: server.url, fetch: server.fetch, ...options }, clock.platform);
  const events: AuthEvent[] = [];
  const logouts: string[] = [];
  auth.onEvent((event) => events.push(event));
  auth.onLogout(({ reason }) => logouts.push(reason));
  onTestFinished(async ({ task }) => {
    auth.dispose();
    await server.close();
    // A wait for the screen does not say what it was in vain for. No event holds a token.
    const told = () =>
      JSON.stringify(events.map((event) => ({ ...event, at: undefined })).toReversed());
    if (task.result?.state === "fail") throw new Error(`Events, the newest first: ${told()}`);
  });
  if (signedIn) await auth.login({ email: "ada@example.com", password: "right" });
  return { server, auth, clock, events, logouts };
}
