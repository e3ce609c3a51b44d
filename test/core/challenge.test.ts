import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenChallenge } from "../../src/core/challenge.js";

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

  test("finds again what was written, whatever the text", () => {
    const text = fc.string().filter((value) => !/[\r\n]/.test(value));
    fc.assert(
      fc.property(text, text, (realm, error) => {
        const quote = (value: string) => `"${value.replaceAll(/["\\]/g, "\\$&")}"`;
        const header = `Basic realm=${quote(realm)}, Bearer error=${quote(error)}`;
        expect(tokenChallenge(header)).toEqual({ error });
      }),
    );
  });

  test("of garbage is read without harm", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        expect(typeof (tokenChallenge(header) ?? {})).toBe("object");
      }),
    );
  });
});
