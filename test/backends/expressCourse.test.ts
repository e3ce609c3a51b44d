import type { Auth, CreateAuthOptions } from "react-authed-query";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { failure } from "../support/failure.js";
import { expressCourse } from "./dialects/expressCourse.js";
import { startBackend } from "./support/backend.js";
import { openBrowser } from "./support/page.js";
import { createVault } from "./support/vault.js";

vi.mock(import("react-authed-query"), async (original) => ({
  ...(await original()),
  createAuth: (options) => ({ options }) as unknown as Auth,
}));
const { createAuth } =
  await vi.importActual<typeof import("react-authed-query")>("react-authed-query");

// The files of one worker share their modules: what was loaded with this package must not stay.
beforeAll(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

/** ada is signed in, with the documented lines. */
async function signIn() {
  const browser = openBrowser();
  const { platform } = browser.clock;
  const vault = createVault(platform.now);
  /** Whose tokens the server hands out. */
  const person = { username: "ada", roles: [2001] };
  const issue = () => ({ body: { accessToken: vault.issue({ UserInfo: { ...person } }) } });
  const routes = { ...expressCourse.routes(vault), "POST /auth": issue, "GET /refresh": issue };
  const backend = await startBackend(routes, platform.now);
  const { auth: lines } = await expressCourse.lines();
  const { options } = lines as unknown as { options: CreateAuthOptions };
  const auth = createAuth({ ...options, baseURL: backend.url, fetch: browser.fetch }, platform);
  const logouts: string[] = [];
  auth.onLogout(({ reason }) => logouts.push(reason));
  onTestFinished(() => {
    auth.dispose();
    return backend.close();
  });
  await auth.login({ user: "ada", pwd: "right" });
  return { auth, person, logouts };
}

test("who signs in again with another role is the same person", async () => {
  const { auth, person, logouts } = await signIn();
  person.roles.push(5150);
  await auth.login({ user: "ada", pwd: "right" });
  expect(logouts).toEqual([]);
});

test("a refresh that comes back for another person is a switch", async () => {
  const { auth, person, logouts } = await signIn();
  person.username = "bob";
  const error = await failure(auth.getAccessToken({ forceRefresh: true }));
  expect(error).toMatchObject({ code: "session_ended" });
  expect(logouts).toEqual(["switched"]);
});
