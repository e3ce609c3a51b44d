import { createAuth, type CreateAuthOptions } from "react-authed-query";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { answer } from "../support/answers.js";
import { startAuthServer } from "../support/authServer.js";
import { createClock } from "../support/clock.js";

let documented: CreateAuthOptions = {};
vi.mock(import("react-authed-query"), async (original) => {
  const actual = await original();
  return {
    ...actual,
    createAuth: (options, ...rest) => {
      if (options?.baseURL === "/api") documented = options;
      return actual.createAuth(options, ...rest);
    },
  };
});

// The files of one worker share their modules: what was loaded with this package must not stay.
beforeAll(() => void vi.resetModules());
afterAll(() => void vi.resetModules());

/** The page is reloaded while someone is signed in, and the API answers `/me` so. */
async function reload(...me: Parameters<typeof answer>) {
  await import("./configs/loadsUser.js");
  const server = await startAuthServer();
  server.signInBefore();
  server.on("/me", answer(...me));
  const clock = createClock();
  const auth = createAuth(
    { ...documented, baseURL: server.url, fetch: server.fetch },
    clock.platform,
  );
  onTestFinished(() => {
    auth.dispose();
    return server.close();
  });
  await auth.ready().catch(() => {});
  return { server, clock, auth };
}

const ada = { id: "u1", name: "Ada" };

test("a profile that cannot be had on load is asked for again", async () => {
  const { server, clock, auth } = await reload(503);
  expect(auth.getState()).toMatchObject({ status: "loading", error: { code: "unavailable" } });
  server.on("/me", answer(200, ada));
  await clock.advance(2000);
  await expect.poll(() => auth.getState().user).toEqual(ada);
});

test("a profile that is refused ends the session", async () => {
  const { auth } = await reload(401, {});
  expect(auth.getState()).toMatchObject({ status: "unauthenticated", error: null });
});

test("a renewal brings the profile up to date", async () => {
  const { server, auth } = await reload(200, ada);
  server.on("/me", answer(200, { ...ada, name: "Ada Lovelace" }));
  await auth.getAccessToken({ forceRefresh: true });
  expect(auth.getState().user).toEqual({ id: "u1", name: "Ada Lovelace" });
});
