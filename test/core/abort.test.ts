import { getEventListeners } from "node:events";
import { describe, expect, test } from "vitest";
import { createEnding, untilAborted } from "../../src/core/platform/abort.js";
import { AuthError } from "../../src/core/vocabulary/errors.js";

describe("the signal of a caller", () => {
  test("has no listener of ours once the wait is over", async () => {
    const { signal } = new AbortController();
    let resolve = () => {};
    const waiting = untilAborted(new Promise<void>((settle) => (resolve = settle)), signal);
    expect(getEventListeners(signal, "abort")).toHaveLength(1);
    resolve();
    await waiting;
    await Promise.resolve();
    expect(getEventListeners(signal, "abort")).toHaveLength(0);
  });
});

describe("the end of something", () => {
  test("is told to those who listen, and not to one who has stopped", () => {
    const ending = createEnding();
    const heard: string[] = [];
    const stop = ending.onAbort(() => heard.push("stopped"));
    ending.onAbort(({ code }) => heard.push(code));
    stop();
    ending.abort(new AuthError("disposed"));
    expect(heard).toEqual(["disposed"]);
  });
});
