import { createAuth } from "react-authed-query";
import { onTestFinished } from "vitest";
import { sendJSON } from "./authServer.js";
import { createOrigin } from "./origin.js";
import { serveOwners } from "./people.js";
import { setup, type Setup, type SetupOptions } from "./setup.js";

// What the test that runs has started.
export let server: Setup["server"];
export let auth: Setup["auth"];
export let clock: Setup["clock"];
/** Another tab of the same app. */
export let other: Setup["auth"];

/** Signs Ada in at a server that says whose a request is, and takes drafts. */
export async function start(options?: SetupOptions): Promise<void> {
  const started = await setup(options);
  ({ server, auth, clock } = started);
  serveOwners(server, "/whose/1", "/whose/2");
  server.on("POST /draft", (_, response) => sendJSON(response, 200, {}));
}

/** The same, and opens another tab. */
export async function startBesideOther(): Promise<void> {
  const origin = createOrigin();
  await start({ platform: origin.tab() });
  other = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...clock.platform, ...origin.tab() },
  );
  onTestFinished(() => other.dispose());
  await other.ready();
}
