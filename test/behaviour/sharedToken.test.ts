import { describe, expect, test } from "vitest";
import type { Platform } from "../../src/core/platform/platform.js";
import { makeJWT } from "../support/authServer.js";
import { openOn, say, stored } from "../support/otherTabs.js";
import { ada, startBrowser, twoSignedIn } from "../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";
const forced = { forceRefresh: true };

test("a token that another tab asked for earlier takes the place of no newer one", async () => {
  const browser = await twoSignedIn();
  const { clock, origin, soon, two } = browser;
  const older = origin.posted.findLast(({ message }) => "token" in Object(message));
  await clock.advance(1000);
  const token = await soon(two.auth.getAccessToken(forced));
  origin.post(older?.name ?? "", older?.message);
  expect(await two.auth.getAccessToken()).toBe(token);
});

test("a token that another tab asked for later takes the place of an older one", async () => {
  const browser = await twoSignedIn();
  const fresh = makeJWT({ sub: "u1", fresh: true });
  await browser.clock.advance(1000);
  const sentAt = browser.clock.platform.now();
  say(browser, "token", stored(browser).mark, { token: fresh, sentAt });
  expect(await browser.two.auth.getAccessToken()).toBe(fresh);
});

describe("a token that is handed over", () => {
  test("takes its user along, to a tab that opens later", async () => {
    const { server, open, soon } = await startBrowser();
    server.tokens.body = { user: { id: "u1", name: "Ada, Countess of Lovelace" } };
    await open().auth.login(ada);
    const two = open();
    expect(await soon(two.auth.ready())).toMatchObject({ user: server.tokens.body["user"] });
    expect(server.received(refreshes)).toBe(0);
  });

  test("takes the profile along as it was edited", async () => {
    const { open, soon } = await startBrowser();
    const one = open();
    await one.auth.login(ada);
    one.auth.setUser({ sub: "u1", name: "Ada Lovelace" });
    const two = open();
    expect(await soon(two.auth.ready())).toMatchObject({ user: { name: "Ada Lovelace" } });
  });

  test("takes its lifetime along: the other tab knows as well when it is due", async () => {
    const { server, clock, open, soon } = await startBrowser();
    server.tokens.make = () => `opaque${server.received()}`;
    server.tokens.body = { expires_in: 600 };
    await open().auth.login(ada);
    await clock.advance(300_000);
    const two = open();
    await soon(two.auth.ready());
    expect(two.events).toContainEqual(expect.objectContaining({ lifetimeMs: 600_000 }));
    await clock.advance(299_000);
    await soon(two.auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(1);
    expect(server.received("/me")).toBe(1);
  });

  test("that may live for ever may do so in the other tab", async () => {
    const { server, clock, open, soon } = await startBrowser();
    server.tokens.make = () => "opaque";
    await open().auth.login(ada);
    const two = open();
    await soon(two.auth.ready());
    await clock.advance(86_400_000);
    await soon(two.auth.api.get("/me"));
    expect(server.received(refreshes)).toBe(0);
  });

  test("is told of, by both tabs", async () => {
    const { one, two } = await twoSignedIn();
    expect(one.events).toContainEqual(expect.objectContaining({ type: "token-handed-over" }));
    expect(two.events).toContainEqual(
      expect.objectContaining({ type: "token-adopted", tab: expect.any(String) }),
    );
  });

  test("is not too old: a tab that has no good one hands over none", async () => {
    const { server, clock, open, soon } = await startBrowser();
    await open().auth.login(ada);
    await clock.advance(700_000);
    const two = open();
    await soon(two.auth.ready());
    expect(two.events.map(({ type }) => type)).not.toContain("token-adopted");
    expect(server.received(refreshes)).toBe(1);
  });

  test("takes no user along whom only its claims name: the next token's claims do", async () => {
    const { server, soon, two } = await twoSignedIn();
    server.tokens.claims = { sub: "u1", name: "Ada Lovelace" };
    await soon(two.auth.getAccessToken(forced));
    expect(two.auth.getState().user).toEqual({ sub: "u1", name: "Ada Lovelace" });
  });
});

describe("where messages are slower than locks", () => {
  test("a tab that gets the lock after another waits for the token on its way", async () => {
    const browser = await startBrowser();
    const { server, clock, soon } = browser;
    const slow = (shared: Partial<Platform>): Partial<Platform> => ({
      openChannel: (name, onMessage) =>
        shared.openChannel?.(name, (message) => {
          clock.platform.startTimer(() => onMessage(message), 50);
        }),
    });
    const tabs = [openOn(browser, slow), openOn(browser, slow)];
    await soon(Promise.all(tabs.map((auth) => auth.ready())));
    await soon(tabs[0]?.login(ada) ?? Promise.reject());
    await clock.advance(60);
    const before = server.received(refreshes);
    const tokens = tabs.map(async (auth, place) => {
      await clock.advance(place);
      return auth.getAccessToken(forced);
    });
    expect(new Set(await soon(Promise.all(tokens))).size).toBe(1);
    expect(server.received(refreshes)).toBe(before + 1);
  });
});

describe("a token of another tab", () => {
  test("that was asked for before the present one is not taken", async () => {
    const { origin, clock, soon, one, two } = await twoSignedIn();
    const handedOver = origin.posted.findLast(({ message }) => "token" in Object(message));
    await clock.advance(5000);
    await soon(one.auth.getAccessToken(forced));
    const present = await two.auth.getAccessToken();
    origin.post(handedOver?.name ?? "", {
      ...Object(origin.posted.at(-1)?.message),
      token: makeJWT({ sub: "u1", isOlder: true }),
      sentAt: clock.platform.now() - 1000,
    });
    expect(await two.auth.getAccessToken()).toBe(present);
  });
});
