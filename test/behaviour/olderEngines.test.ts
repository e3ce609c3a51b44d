import { AuthError, createAuth } from "react-authed-query";
import { beforeEach, describe, expect, test } from "vitest";
import { hang } from "../support/answers.js";
import { clients } from "../support/clients.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";
import { twoSignedIn } from "../support/tabbedBrowser.js";
import { takeAway } from "../support/takeAway.js";

/** What some engine promised, iOS 15 say, does not have. (Node's own `fetch` wants `Object.hasOwn`.) */
const features: Record<string, [owner: object, name: string]> = {
  "AbortSignal.any": [AbortSignal, "any"],
  "AbortSignal.timeout": [AbortSignal, "timeout"],
  "AbortSignal's throwIfAborted": [AbortSignal.prototype, "throwIfAborted"],
  "AbortSignal's reason": [AbortSignal.prototype, "reason"],
  "Array's at": [Array.prototype, "at"],
  "Array's findLast": [Array.prototype, "findLast"],
  "Array's toSorted": [Array.prototype, "toSorted"],
  "crypto.randomUUID": [Crypto.prototype, "randomUUID"],
  "Object.groupBy": [Object, "groupBy"],
  "Promise.withResolvers": [Promise, "withResolvers"],
  reportError: [globalThis, "reportError"],
  structuredClone: [globalThis, "structuredClone"],
  "URL.canParse": [URL, "canParse"],
};
const engines: [string, [object, string][]][] = [
  ...Object.entries(features).map(([name, feature]): [string, [object, string][]] => [
    name,
    [feature],
  ]),
  ["any of these", Object.values(features)],
];

describe.each(engines)("an engine without %s", (_, lacking) => {
  beforeEach(() => takeAway(...lacking));

  describe.each(clients)("by %s", (client) => {
    test("restores, refreshes and replays", async () => {
      const { server, auth, send } = await client.setup({ signedIn: false });
      server.signInBefore();
      const { status, user } = await auth.ready();
      expect(status).toBe("authenticated");
      server.expireTokens();
      const request = { method: "POST", body: { name: "Ada" } };
      expect(await send("/me", request)).toMatchObject({ status: 200 });
      expect(server.received("POST /auth/refresh")).toBe(2);
      expect(auth.getState().user).toBe(user);
    });

    test("rejects a request that is given up while it waits", async () => {
      const { server, send } = await client.setup();
      server.expireTokens();
      server.on("POST /auth/refresh", hang);
      const controller = new AbortController();
      // axios has an error of its own; `fetch` has the reason, which some signals do not keep.
      const waiting = send("/me", { signal: controller.signal }).catch(({ name }: Error) => name);
      await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
      controller.abort();
      expect(["AbortError", { code: "aborted" }]).toContainEqual(await waiting);
    });

    test("lets no answer of an ended session land", async () => {
      const { server, auth, send } = await client.setup();
      let go = () => {};
      server.on("/slow", (__, response) => {
        go = () => void response.end("late");
      });
      const slow = send("/slow");
      await expect.poll(() => server.received("/slow")).toBe(1);
      await auth.logout();
      go();
      expect(await slow).toMatchObject({ code: "session_ended" });
    });

    test("ends whoever waits for a refresh that is never answered", async () => {
      const { server, auth, clock, send } = await client.setup();
      server.on("POST /auth/refresh", hang);
      server.expireTokens();
      const waiting = send("/me");
      await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
      await clock.advance(10_000);
      expect(await waiting).toMatchObject({ status: 401 });
      expect(auth.getState()).toMatchObject({
        status: "authenticated",
        error: { code: "timeout" },
      });
    });
  });

  test("signs in and out, with another tab beside it", async () => {
    const { server, one, two, soon } = await twoSignedIn();
    server.expireTokens();
    await soon(Promise.all([one, two].map(({ auth }) => auth.api.get("/me"))));
    expect(await soon(one.auth.logout())).toEqual({ serverTold: true });
    expect(two.auth.getState().status).toBe("unauthenticated");
    expect(two.logouts).toEqual(["other-tab"]);
  });

  test("takes options in development", () => {
    expect(() => createAuth({ baseURL: "https://api.example.com/v1" }).dispose()).not.toThrow();
    expect(() => createAuth({ baseURL: "localhost:3000" })).toThrow(/baseURL/);
    expect(() => createAuth({ baseURL: "http://:::" })).toThrow(/baseURL/);
  });

  test("says `disposed` to whoever comes later or waits", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", hang);
    const waiting = failure(auth.getAccessToken({ forceRefresh: true }));
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    auth.dispose();
    expect(await waiting).toMatchObject({ code: "disposed" });
    expect(await failure(auth.ready())).toBeInstanceOf(AuthError);
    expect(await failure(auth.fetch(`${server.url}/me`))).toMatchObject({ code: "disposed" });
    expect(await failure(auth.login({}))).toMatchObject({ code: "disposed" });
  });

  test("says AbortError to whoever has given up before or gives up while waiting", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", hang);
    const [before, meanwhile] = [new AbortController(), new AbortController()];
    before.abort();
    const waiting = [before, meanwhile].map(({ signal }) =>
      failure(auth.getAccessToken({ forceRefresh: true, signal })),
    );
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    meanwhile.abort();
    expect(await Promise.all(waiting)).toMatchObject([
      { name: "AbortError" },
      { name: "AbortError" },
    ]);
  });
});
