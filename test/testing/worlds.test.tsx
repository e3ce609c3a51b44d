import { act, cleanup, render, screen } from "@testing-library/react";
import { useAuth } from "react-authed-query";
import { createTestAuth, TestAuthProvider, type TestAuth } from "react-authed-query/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { renderDevtools } from "../support/openDevtools.js";
import { ada, answers, asked, bob, press, renderShop, shown, status } from "./shop.js";

beforeEach(() => {
  // Tests of other files have used it.
  localStorage.clear();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("each Auth has a world of its own", () => {
  test("nothing done to one is seen in another", async () => {
    const [first, second] = [ada, bob].map((user) => createTestAuth({ user, answers }));
    await Promise.all([first?.ready(), second?.ready()]);
    first?.test.refuse();
    first?.test.goOffline();
    first?.test.advance(1_000_000);
    await second?.api.get("/orders");
    expect(second?.getState()).toMatchObject({ status: "authenticated", user: bob });
    expect(asked(second as TestAuth)).toEqual(["GET /orders 200"]);
    expect(localStorage).toHaveLength(0);
  });

  test("it may be rendered again after it was unmounted, and beside another", async () => {
    const auth = createTestAuth({ user: ada, answers });
    function Name() {
      return <p>{String(useAuth().user?.["name"])}</p>;
    }
    const show = (each: TestAuth) =>
      render(
        <TestAuthProvider auth={each}>
          <Name />
        </TestAuthProvider>,
      );
    show(auth).unmount();
    await auth.test.settled();
    show(createTestAuth({ user: bob }));
    show(auth);
    await auth.test.settled();
    expect(screen.getByText("Ada")).toBeDefined();
    expect(screen.getByText("Bob")).toBeDefined();
  });
});

describe("several tabs of one world", () => {
  const open = async (count: number) => {
    const first = createTestAuth({ user: ada, answers });
    const tabs = [first];
    while (tabs.length < count) tabs.push(createTestAuth({ tabOf: first }));
    await Promise.all(tabs.map((tab) => tab.ready()));
    return tabs as [TestAuth, TestAuth, ...TestAuth[]];
  };

  test("eight start as one, and meet the expiry with one refresh", async () => {
    const tabs = await open(8);
    expect(asked(tabs[0])).toEqual([]);
    expect(tabs.map((tab) => tab.getState().user)).toEqual(tabs.map(() => ada));
    tabs[0].test.expireToken();
    await Promise.all(tabs.map((tab) => tab.api.get("/orders")));
    expect(asked(tabs[1])).toHaveLength(17);
    expect(asked(tabs[0]).filter((each) => each.startsWith("POST"))).toEqual([
      "POST /auth/refresh 200",
    ]);
  });

  test.each<[string, (tab: TestAuth) => void, object]>([
    ["a logout", (tab) => void tab.logout(), { status: "unauthenticated", expiredUser: null }],
    ["a refusal", (tab) => tab.test.refuse(), { status: "unauthenticated", expiredUser: ada }],
    ["another user", (tab) => tab.test.switchTo(bob), { status: "authenticated", user: bob }],
    ["an edited profile", (tab) => tab.setUser({ ...ada, name: "A" }), { user: { name: "A" } }],
  ])("%s in one reaches the others", async (_, change, state) => {
    const [first, second, third] = await open(3);
    change(second);
    await first.test.settled();
    for (const tab of [first, second, third]) expect(tab?.getState()).toMatchObject(state);
  });

  test("while one refreshes, the others wait for it", async () => {
    const [first, second] = await open(2);
    first.test.answer("POST /auth/refresh", () => new Promise(() => {}));
    first.test.expireToken();
    void Promise.allSettled([first, second].map((tab) => tab.api.get("/orders")));
    await first.test.settled();
    expect(asked(first)).toEqual(["GET /orders 401", "GET /orders 401", "POST /auth/refresh -"]);
  });

  test("the devtools tell them apart", async () => {
    const tabs = await open(3);
    for (const tab of tabs) await tab.getAccessToken({ forceRefresh: true });
    const { text } = renderDevtools(tabs[0]);
    await tabs[0].test.settled();
    expect(new Set(text().match(/\bTab \d+/g)).size).toBe(3);
  });

  test("a tab does not hear itself", async () => {
    const auth = createTestAuth({ user: ada, answers });
    const seen: string[] = [];
    auth.onEvent(({ type }) => seen.push(type));
    await auth.ready();
    await auth.getAccessToken({ forceRefresh: true });
    await auth.logout();
    expect(seen).toContain("token-handed-over");
    expect(seen).not.toContain("tab-seen");
  });

  test("a tab that is closed leaves the others alone", async () => {
    const [first, second] = await open(2);
    second.dispose();
    first.test.expireToken();
    expect((await first.api.get("/orders")).status).toBe(200);
  });

  test("one that fails to refresh keeps the lock from nobody", async () => {
    const [first, second] = await open(2);
    first.test.answer("POST /auth/refresh", 503);
    first.test.expireToken();
    const failures = await Promise.allSettled([first, second].map((tab) => tab.api.get("/orders")));
    expect(failures.map((each) => each.status)).toEqual(["rejected", "rejected"]);
    first.test.answer("POST /auth/refresh", () => undefined);
    first.test.advance(2000);
    expect((await second.api.get("/orders")).status).toBe(200);
  });
});

describe("nothing is left running", () => {
  test("no timer is armed, whatever is under way", async () => {
    vi.useFakeTimers();
    const auth = createTestAuth({ status: "loading", user: ada });
    await renderShop(auth);
    expect(status()).toBe("loading");
    expect(vi.getTimerCount()).toBe(0);
    const other = createTestAuth({
      user: ada,
      answers: { "GET /orders": () => new Promise(() => {}) },
    });
    await renderShop(other);
    void other.api.get("/orders", { timeout: 1000 });
    await other.test.settled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("no timer is left when the component is gone, in the midst of a failure", async () => {
    vi.useFakeTimers();
    const auth = createTestAuth({ user: ada, answers });
    await renderShop(auth);
    auth.test.expireToken();
    auth.test.goOffline();
    await press("Again", auth);
    await expect(auth.getAccessToken({ forceRefresh: true })).rejects.toThrow("cannot be reached");
    cleanup();
    await auth.test.settled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test("nothing goes to the network, and nothing into the page's storage", async () => {
    const spies = [
      vi.spyOn(globalThis, "fetch"),
      vi.spyOn(XMLHttpRequest.prototype, "open"),
      vi.spyOn(globalThis, "BroadcastChannel"),
    ];
    const auth = createTestAuth({ user: ada, answers });
    await renderShop(auth);
    auth.test.expireToken();
    await press("Again", auth);
    await auth.logout();
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    expect(localStorage).toHaveLength(0);
  });
});

describe("with fake timers", () => {
  test.each([
    ["Date and all timers", undefined],
    ["timers that advance by themselves", true],
  ])("%s: settled() brings what is due now to the screen", async (_, shouldAdvanceTime) => {
    vi.useFakeTimers(shouldAdvanceTime ? { shouldAdvanceTime } : {});
    const auth = createTestAuth({ user: ada, answers });
    await renderShop(auth);
    expect(shown()).toEqual(["boots", "a lamp"]);
    auth.test.expireToken();
    auth.test.answer("GET /orders", ["a hat"]);
    await press("Again", auth);
    expect(shown()).toEqual(["a hat"]);
    auth.test.switchTo(bob);
    await auth.test.settled();
    expect(status()).toBe("authenticated Bob");
  });

  test("the session's clock is moved by advance() alone", async () => {
    vi.useFakeTimers();
    const auth = createTestAuth({ user: ada, answers });
    await renderShop(auth);
    await act(() => vi.advanceTimersByTimeAsync(400_000));
    await press("Again", auth);
    expect(asked(auth)).toEqual(["GET /orders 200", "GET /orders 200"]);
    auth.test.advance(400_000);
    await press("Again", auth);
    expect(asked(auth).slice(2)).toEqual(["POST /auth/refresh 200", "GET /orders 200"]);
  });
});
