import type { AxiosAdapter } from "axios";
import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { failure } from "../support/failure.js";
import { serveOwners, signIn } from "../support/people.js";
import { setup } from "../support/setup.js";
import { ada, startBrowser, twoSignedIn } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";

describe("what is on the wire", () => {
  test.each(["login", "logout"] as const)(
    "of a refused session does not land after a %s",
    async (end) => {
      const { server, auth } = await setup();
      serveOwners(server);
      const go = deferred();
      server.on("/slow", (_, response) => go.promise.then(() => sendJSON(response, 200, {})));
      const slow = failure(auth.api.get("/slow"));
      await expect.poll(() => server.received("/slow")).toBe(1);
      server.revokeSession();
      await auth.getAccessToken({ forceRefresh: true });
      if (end === "login") await signIn({ sub: "u2", name: "Bob" }, auth, server);
      else await auth.logout();
      go.resolve();
      expect(await slow).toMatchObject({ code: "ERR_CANCELED" });
    },
  );

  test.each([true, false])(
    "does not land after a logout, if refreshOn takes its time and says %s",
    async (isExpired) => {
      const asked = deferred();
      const said = deferred<boolean>();
      const { auth } = await setup({
        refreshOn() {
          asked.resolve();
          return said.promise;
        },
      });
      const request = failure(auth.api.get("/me"));
      await asked.promise;
      await auth.logout();
      said.resolve(isExpired);
      expect(await request).toMatchObject({ code: "ERR_CANCELED" });
    },
  );

  test("is not replayed after a logout elsewhere, if refreshOn takes its time", async () => {
    const asked = deferred();
    const said = deferred<boolean>();
    const { server, soon, one, two } = await twoSignedIn({
      refreshOn() {
        asked.resolve();
        return said.promise;
      },
    });
    const request = failure(two.auth.api.get("/me"));
    await asked.promise;
    await soon(one.auth.logout());
    said.resolve(true);
    expect(await soon(request)).toMatchObject({ code: "ERR_CANCELED" });
    expect(server.received("/me")).toBe(1);
  });

  test("is not sent with a token whose session has ended, however short before", async () => {
    for (let delay = 0; delay < 14; delay += 1) {
      const { auth, clock } = await setup();
      await clock.advance(700_000);
      let isSentLate = false;
      const adapter: AxiosAdapter = async (config) => {
        if (config.headers.has("authorization")) isSentLate ||= !auth.getState().isAuthenticated;
        return { data: {}, status: 200, statusText: "", headers: {}, config };
      };
      auth.onEvent(({ type }) => {
        if (type !== "token-received") return;
        let ticks = Promise.resolve();
        for (let tick = 0; tick < delay; tick += 1) ticks = ticks.then(() => {});
        void ticks.then(() => void auth.logout());
      });
      await auth.api.get("/me", { adapter }).catch(() => {});
      expect(isSentLate).toBe(false);
    }
  });
});

describe("a login as another user elsewhere, whose token does not come along", () => {
  test("is what the next request means: it waits and carries the new user's token", async () => {
    const { server, soon, one, two } = await twoSignedIn({ tabs: { shareToken: false } });
    server.tokens.claims = { sub: "u2", name: "Grace" };
    await one.auth.login(ada);
    expect((await soon(two.auth.api.get("/me"))).status).toBe(200);
    expect(two.logouts).toEqual(["switched"]);
  });

  test("is followed by a later request, where the first try got no answer", async () => {
    const { server, clock, soon, one, two } = await twoSignedIn({ tabs: { shareToken: false } });
    server.tokens.claims = { sub: "u2", name: "Grace" };
    server.on(refreshes, answer(503));
    await one.auth.login(ada);
    await soon(failure(two.auth.api.get("/me")));
    server.off(refreshes);
    await clock.advance(5000);
    expect((await soon(two.auth.api.get("/me"))).status).toBe(200);
    expect(two.auth.getState().status).toBe("authenticated");
  });
});

test("a login elsewhere that this tab has no way to follow leaves its requests without a token", async () => {
  const { server, open, soon } = await startBrowser();
  const options = {
    refresh: { url: "/auth/refresh", sendToken: true },
    tabs: { shareToken: false },
  };
  const [one, two] = [open(options), open(options)];
  await Promise.all([one.auth.ready(), two.auth.ready()]);
  await one.auth.login(ada);
  server.on("/public", answer(200, {}));
  expect((await soon(two.auth.api.get("/public"))).status).toBe(200);
  expect(server.requests.at(-1)?.token).toBeUndefined();
  expect(server.received(refreshes)).toBe(0);
});

test("a background renewal that falls into a pause leaves no rejection unhandled", async () => {
  const { server, auth, clock } = await setup({ refreshAhead: { background: true } });
  const unhandled: unknown[] = [];
  const note = (reason: unknown) => unhandled.push(reason);
  process.on("unhandledRejection", note);
  await clock.advance(530_000);
  server.on(refreshes, answer(503, "", { "retry-after": "60" }));
  await failure(auth.getAccessToken({ forceRefresh: true }));
  await clock.advance(15_000);
  process.off("unhandledRejection", note);
  expect(unhandled).toEqual([]);
});
