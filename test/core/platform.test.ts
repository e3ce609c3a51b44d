// @vitest-environment jsdom
import { afterEach, describe, expect, test, vi } from "vitest";
import { browserPlatform } from "../../src/core/platform/browserPlatform.js";

afterEach(() => {
  vi.unstubAllGlobals();
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

  test.each([
    ["is back from the back/forward cache", () => window, "pageshow"],
    ["is thawed", () => document, "resume"],
  ])("wakes when the page %s", (_, target, type) => {
    let woken = 0;
    const stop = browserPlatform.onWake(() => (woken += 1));
    target().dispatchEvent(new Event(type));
    stop();
    target().dispatchEvent(new Event(type));
    expect(woken).toBe(1);
  });

  test("tells when another tab has written to the storage, which is no waking", () => {
    let [written, woken] = [0, 0];
    const stop = browserPlatform.onStorage(() => (written += 1));
    const stopWake = browserPlatform.onWake(() => (woken += 1));
    dispatchEvent(new Event("storage"));
    stop();
    dispatchEvent(new Event("storage"));
    stopWake();
    expect([written, woken]).toEqual([1, 0]);
  });

  test("tells when the page is left", () => {
    let left = 0;
    const stop = browserPlatform.onHide(() => (left += 1));
    dispatchEvent(new Event("pagehide"));
    stop();
    dispatchEvent(new Event("pagehide"));
    expect(left).toBe(1);
  });

  test("keeps in the storage what is written, and reads null where nothing was", () => {
    expect(browserPlatform.readStorage("mark")).toBeNull();
    browserPlatform.writeStorage("mark", "here");
    expect(browserPlatform.readStorage("mark")).toBe("here");
    localStorage.clear();
  });

  test("does without a storage that is forbidden", () => {
    vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
      throw new DOMException("Forbidden", "SecurityError");
    });
    expect(() => browserPlatform.writeStorage("mark", "here")).not.toThrow();
    expect(browserPlatform.readStorage("mark")).toBeUndefined();
  });

  test("carries messages between tabs, until a channel is closed", async () => {
    const heard: unknown[] = [];
    const one = browserPlatform.openChannel("app", (message) => heard.push(message));
    const two = browserPlatform.openChannel("app", () => {});
    two?.post("first");
    await expect.poll(() => heard).toEqual(["first"]);
    one?.close();
    two?.post("second");
    two?.close();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heard).toEqual(["first"]);
  });

  test("has no locks where there are none, or a page may not use them", async () => {
    const { signal } = new AbortController();
    expect(await browserPlatform.requestLock("app", signal)).toBeUndefined();
    const forbidden = () => Promise.reject(new DOMException("Opaque origin", "SecurityError"));
    vi.stubGlobal("navigator", { locks: { request: forbidden } });
    expect(await browserPlatform.requestLock("app", signal)).toBeUndefined();
  });

  test("gives a free lock at once, and tells who gets it later that it was contended", async () => {
    vi.stubGlobal("navigator", { locks: createLocks() });
    const { signal } = new AbortController();
    const first = await browserPlatform.requestLock("app", signal);
    expect(first?.wasContended).toBe(false);
    let isGiven = false;
    const second = browserPlatform.requestLock("app", signal).finally(() => (isGiven = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isGiven).toBe(false);
    first?.release();
    expect((await second)?.wasContended).toBe(true);
  });

  test("waits no longer for a lock than it is told to", async () => {
    vi.stubGlobal("navigator", { locks: createLocks() });
    const controller = new AbortController();
    await browserPlatform.requestLock("app", controller.signal);
    const second = browserPlatform.requestLock("app", controller.signal);
    const reason = new Error("Enough.");
    setTimeout(() => controller.abort(reason), 20);
    await expect(second).rejects.toBe(reason);
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

/** jsdom has none: one lock, as Web Locks §4.1 has it. */
function createLocks() {
  let last: Promise<unknown> = Promise.resolve();
  let isHeld = false;
  return {
    async request(
      name: string,
      { ifAvailable, signal }: LockOptions,
      work: (lock: { name: string } | null) => Promise<void> | void,
    ): Promise<void> {
      if (ifAvailable && isHeld) return work(null);
      const before = last;
      const aborted = new Promise<never>((_, reject) => {
        signal?.addEventListener("abort", () => reject(signal.reason));
      });
      isHeld = true;
      last = (async () => {
        await Promise.race([before, aborted]);
        await work({ name });
        isHeld = false;
      })();
      await last;
    },
  };
}
