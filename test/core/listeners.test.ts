import { describe, expect, test, vi } from "vitest";
import { isolateErrors } from "../../src/core/platform/isolateErrors.js";
import { createListeners } from "../../src/core/platform/listeners.js";

describe("listeners", () => {
  test("hear it although one before them throws, which is reported", () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const heard: string[] = [];
    const listeners = createListeners<string>();
    listeners.add(() => {
      throw new Error("mine");
    });
    listeners.add((news) => heard.push(news));
    listeners.call("news");
    expect(heard).toEqual(["news"]);
    expect(report).toHaveBeenCalledWith(expect.objectContaining({ message: "mine" }));
    report.mockRestore();
  });

  test("are two where one function is added twice, and each is removed alone", () => {
    const listener = vi.fn<() => void>();
    const listeners = createListeners<undefined>();
    const remove = listeners.add(listener);
    listeners.add(listener);
    listeners.call(undefined);
    expect(listener).toHaveBeenCalledTimes(2);
    remove();
    listeners.call(undefined);
    expect(listener).toHaveBeenCalledTimes(3);
  });

  test("hear nothing more once they are cleared", () => {
    const listener = vi.fn<() => void>();
    const listeners = createListeners<undefined>();
    listeners.add(listener);
    listeners.clear();
    listeners.call(undefined);
    expect([listener.mock.calls.length, listeners.size()]).toEqual([0, 0]);
  });

  test("that a call was prepared for hear it, though one has been removed and another added since", () => {
    const heard: string[] = [];
    const listeners = createListeners<undefined>();
    const remove = listeners.add(() => heard.push("removed"));
    const call = listeners.prepare(undefined);
    remove();
    listeners.add(() => heard.push("added"));
    call();
    expect(heard).toEqual(["removed"]);
  });
});

test("an error of user code is reported as the browser reports its own, where that is possible", () => {
  const report = vi.fn<(error: unknown) => void>();
  vi.stubGlobal("reportError", report);
  const error = new Error("mine");
  isolateErrors(() => {
    throw error;
  })();
  vi.unstubAllGlobals();
  expect(report.mock.calls).toEqual([[error]]);
});
