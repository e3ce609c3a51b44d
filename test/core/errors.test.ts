import { AxiosError } from "axios";
import { describe, expect, test } from "vitest";
import { AuthError, reasonOf } from "../../src/core/vocabulary/errors.js";

const reason = new AuthError("unavailable");
const wrap = (cause: unknown) => new Error("cannot load", { cause });

describe("the reason of an error", () => {
  test.each<[string, unknown]>([
    ["itself", reason],
    ["the cause of axios' own", Object.assign(new AxiosError("failed"), { cause: reason })],
    ["deep in errors of the app's", wrap(wrap(wrap(wrap(reason))))],
  ])("is found where it is %s", (_, error) => {
    expect(reasonOf(error)).toBe(reason);
  });

  test.each<[string, unknown]>([
    ["no error of ours", wrap(wrap(new Error("own")))],
    ["deeper than any app wraps", wrap(wrap(wrap(wrap(wrap(reason)))))],
    ["nothing", undefined],
  ])("is none where there is %s", (_, error) => {
    expect(reasonOf(error)).toBeUndefined();
  });

  test("is none where causes form a circle", () => {
    const error = new Error("own");
    error.cause = error;
    expect(reasonOf(error)).toBeUndefined();
  });
});
