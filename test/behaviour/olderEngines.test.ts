import { AuthError, createAuth } from "react-authed-query";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clients } from "../support/clients.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";
import { startBrowser } from "../support/tabbedBrowser.js";

/** What engines of 2022 and earlier, iOS 16 among them, do not have. */
const lacking: [object, string][] = [
  [AbortSignal, "any"],
  [AbortSignal, "timeout"],
  [AbortSignal.prototype, "throwIfAborted"],
  [AbortSignal.prototype, "reason"],
  [URL, "canParse"],
];
let taken: [object, string, PropertyDescriptor][] = [];

beforeEach(() => {
  for (const [owner, name] of lacking) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (descriptor) taken.push([owner, name, descriptor]);
    Reflect.deleteProperty(owner, name);
  }
});

afterEach(() => {
  for (const [owner, name, descriptor] of taken) Object.defineProperty(owner, name, descriptor);
  taken = [];
});

describe.each(clients)("16: an older engine: %s", (client) => {
  test("restores, refreshes and replays", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    expect(await send("/me")).toMatchObject({ status: 200 });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("rejects a request that is given up while it waits", async () => {
    const { server, send } = await client.setup();
    server.expireTokens();
    server.on("POST /auth/refresh", () => {});
    const controller = new AbortController();
    // axios has an error of its own; `fetch` has the reason, which these signals do not keep.
    const waiting = send("/me", { signal: controller.signal }).catch(({ name }: Error) => name);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(1);
    controller.abort();
    expect(["AbortError", { code: "aborted" }]).toContainEqual(await waiting);
  });

  test("lets no answer of an ended session land", async () => {
    const { server, auth, send } = await client.setup();
    let go = () => {};
    server.on("/slow", (_, response) => {
      go = () => void response.end("late");
    });
    const slow = send("/slow");
    await expect.poll(() => server.received("/slow")).toBe(1);
    await auth.logout();
    go();
    expect(await slow).toMatchObject({ code: "session_ended" });
  });
});

describe("16: an older engine", () => {
  test("restores a session on load, beside another tab, and signs out", async () => {
    const { server, open, soon } = await startBrowser();
    server.signInBefore();
    const [one, two] = [open(), open()];
    const states = await soon(Promise.all([one.auth.ready(), two.auth.ready()]));
    expect(states.map(({ status }) => status)).toEqual(["authenticated", "authenticated"]);
    expect(await soon(one.auth.logout())).toEqual({ serverTold: true });
    expect(two.auth.getState().status).toBe("unauthenticated");
  });

  test("takes options in development", () => {
    expect(() => createAuth({ baseURL: "https://api.example.com/v1" }).dispose()).not.toThrow();
    expect(() => createAuth({ baseURL: "localhost:3000" })).toThrow(/baseURL/);
    expect(() => createAuth({ baseURL: "http://:::" })).toThrow(/baseURL/);
  });

  test("says `disposed` to whoever comes later or waits", async () => {
    const { server, auth } = await setup();
    server.on("POST /auth/refresh", () => {});
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
    server.on("POST /auth/refresh", () => {});
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
