import { afterEach, expect, test, vi } from "vitest";
import { answer } from "../support/answers.js";
import { setup } from "../support/setup.js";
import { exchangeOldToken } from "./snippets/migrating/exchange.js";

// The page on migrating has those who signed in before the change stay signed in.

afterEach(() => {
  vi.unstubAllGlobals();
});

test.each([
  [200, "authenticated", []],
  [401, "unauthenticated", []],
  [503, "unauthenticated", ["refreshToken"]],
])("an exchange that is answered %i ends %s, and %j is kept", async (status, ending, kept) => {
  const stored = new Map([["refreshToken", "old"]]);
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => stored.get(name) ?? null,
    removeItem: (name: string) => stored.delete(name),
  });
  const { server, auth } = await setup({ signedIn: false });
  server.on("POST /auth/exchange", answer(status, { accessToken: "new" }));
  await exchangeOldToken(auth).catch(() => {});
  expect((await auth.ready()).status).toBe(ending);
  expect(String(server.requests[0]?.body)).toBe('{"refreshToken":"old"}');
  expect([...stored.keys()]).toEqual(kept);
  // Another page of this browser has nothing to exchange, unless the server gave no answer.
  await exchangeOldToken(auth).catch(() => {});
  expect(server.received("POST /auth/exchange")).toBe(1 + kept.length);
});
