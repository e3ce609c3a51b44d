import { describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { clients } from "../support/clients.js";
import { deferred } from "../support/deferred.js";
import { setup } from "../support/setup.js";

describe.each(clients)("%s, 6: when the refresh is refused", (client) => {
  test("the session ends and onLogout fires once, for fifty requests too", async () => {
    const { server, auth, logouts, send } = await client.setup();
    server.revokeSession();
    await Promise.all(Array.from({ length: 50 }, () => send("/me")));
    expect(logouts).toEqual(["refused"]);
    expect(auth.getState()).toMatchObject({
      status: "unauthenticated",
      user: null,
      expiredUser: { sub: "u1" },
    });
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("a request already answered 401 ends with that answer, and the cause", async () => {
    const { server, send } = await client.setup();
    server.revokeSession();
    expect(await send("/me")).toMatchObject({
      status: 401,
      data: { error: "token expired" },
      ...client.because({ code: "refused" }),
    });
  });

  test("a request not yet sent ends without an answer, by the code of the cause", async () => {
    const { server, clock, send } = await client.setup();
    server.revokeSession();
    await clock.advance(700_000);
    const end = await send("/me");
    expect(end).toMatchObject({ code: "refused", error: { name: "AuthError" } });
    expect(end).not.toHaveProperty("status");
    expect(server.received("/me")).toBe(0);
  });

  test("later requests go out without a token, and their 401 is final", async () => {
    const { server, send } = await client.setup();
    server.revokeSession();
    await send("/me");
    expect(await send("/me")).toMatchObject({ status: 401 });
    expect(server.requests.at(-1)?.token).toBeUndefined();
    expect(server.received("POST /auth/refresh")).toBe(1);
  });
});

describe("after a refusal", () => {
  test("the same user who signs in again goes on, and another is someone else", async () => {
    const { server, auth, logouts } = await setup();
    const refuse = async () => {
      server.on("POST /auth/refresh", (_, response) => sendJSON(response, 401, {}));
      await auth.getAccessToken({ forceRefresh: true });
      server.off("POST /auth/refresh");
    };
    await refuse();
    await auth.login({ password: "right" });
    expect(auth.getState()).toMatchObject({ user: { sub: "u1" }, expiredUser: null });
    await refuse();
    server.tokens.claims = { sub: "u2" };
    await auth.login({ password: "right" });
    expect(auth.getState()).toMatchObject({ user: { sub: "u2" }, expiredUser: null });
    expect(logouts).toEqual(["refused", "refused"]);
  });

  test("a request on the wire is left alone, and a late 401 says why", async () => {
    const { server, auth } = await setup();
    const held = deferred();
    server.on("/slow", () => held.promise.then(() => "default" as const));
    server.on("/slow401", async (_, response) => {
      await held.promise;
      sendJSON(response, 401, {});
    });
    const slow = auth.api.get("/slow");
    const slow401 = auth.api.get("/slow401").catch((error: unknown) => error);
    await expect.poll(() => server.received("/slow401")).toBe(1);
    server.on("POST /auth/refresh", (_, response) => sendJSON(response, 401, {}));
    await auth.getAccessToken({ forceRefresh: true });
    held.resolve();
    expect((await slow).status).toBe(200);
    expect(await slow401).toMatchObject({ response: { status: 401 }, cause: { code: "refused" } });
  });
});
