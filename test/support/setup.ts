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
    // What a wait for the screen was in vain for: no event holds a token.
    if (task.result?.state === "fail") process.stderr.write(`${JSON.stringify(events, null, 1)}\n`);
    auth.dispose();
    await server.close();
  });
  if (signedIn) await auth.login({ email: "ada@example.com", password: "right" });
  return { server, auth, clock, events, logouts };
}
