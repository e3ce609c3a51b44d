import { describe, expect, test } from "vitest";
import { tokenChallenge } from "../../src/core/request/challenge.js";

describe("a WWW-Authenticate header", () => {
  test.each<[string | null, Record<string, string> | undefined]>([
    [null, undefined],
    ["", undefined],
    ["Basic realm=x", undefined],
    ["Bearer", {}],
    ['bearer ERROR="invalid_token"', { error: "invalid_token" }],
    ['Basic realm="Bearer error=x", Bearer error=a', { error: "a" }],
    ['Bearer realm="first", DPoP error="second"', { error: "second" }],
    ['Bearer realm="say \\"hi\\", ok", scope=all', { realm: 'say "hi", ok', scope: "all" }],
    ['NewAuth a=b, c="d", Bearer error = spaced', { error: "spaced" }],
  ])("%s", (header, expected) => {
    expect(tokenChallenge(header)).toEqual(expected);
  });
});
