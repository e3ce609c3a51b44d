// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserPlatform } from "../../src/core/platform.js";

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

describe("the browser's platform", () => {
  test("wakes when the network is back, and when the page becomes visible", () => {
    let woken = 0;
    const stop = browserPlatform.onWake(() => (woken += 1));
    dispatchEvent(new Event("online"));
    expect(woken).toBe(1);
    const visibility = vi.spyOn(document, "visibilityState", "get");
    visibility.mockReturnValue("hidden");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(woken).toBe(1);
    visibility.mockReturnValue("visible");
    document.dispatchEvent(new Event("visibilitychange"));
    expect(woken).toBe(2);
    stop();
    dispatchEvent(new Event("online"));
    document.dispatchEvent(new Event("visibilitychange"));
    expect(woken).toBe(2);
  });

  test("reads the cookie of exactly this name", () => {
    document.cookie = "not-XSRF=wrong";
    document.cookie = "XSRF=a%20b";
    expect(browserPlatform.readCookie("XSRF")).toBe("a b");
    expect(browserPlatform.readCookie("missing")).toBeUndefined();
    document.cookie = "plain=50%off==";
    expect(browserPlatform.readCookie("plain")).toBe("50%off==");
  });

  test("resolves against the document", () => {
    expect(browserPlatform.documentURL()).toBe(document.baseURI);
  });

  test("never asks a timer for more than it can hold", () => {
    vi.useFakeTimers();
    let fired = 0;
    browserPlatform.startTimer(() => (fired += 1), 1e12);
    vi.advanceTimersByTime(1000);
    expect(fired).toBe(0);
    vi.advanceTimersByTime(2 ** 31);
    expect(fired).toBe(1);
  });

  test("a stopped timer does not fire", () => {
    vi.useFakeTimers();
    let fired = 0;
    browserPlatform.startTimer(() => (fired += 1), 10)();
    vi.advanceTimersByTime(20);
    expect(fired).toBe(0);
  });

  test("asks the clocks and the network of the moment", () => {
    vi.useFakeTimers({ now: 5000 });
    expect(browserPlatform.now()).toBe(5000);
    const before = browserPlatform.monotonicNow();
    vi.advanceTimersByTime(30);
    expect(browserPlatform.monotonicNow() - before).toBe(30);
    expect(browserPlatform.random()).toBeLessThan(1);
    const fetched = vi.spyOn(globalThis, "fetch").mockResolvedValue(new Response());
    void browserPlatform.fetch("https://api.example.com", {});
    expect(fetched).toHaveBeenCalledTimes(1);
  });
});
