import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenChallenge } from "../../src/core/request/challenge.js";

/** One challenge of a header: as it is written, and what it says. */
interface Written {
  text: string;
  isOfTokens: boolean;
  parameters: Record<string, string>;
}

const token = fc.stringMatching(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,8}$/);
// What may stand in a header's quoted string, once escaped.
const quotable = fc.string({ unit: "binary-ascii" }).filter((text) => !/[\r\n\0]/.test(text));
const quote = (text: string) => `"${text.replaceAll(/["\\]/g, "\\$&")}"`;

const name = fc.oneof(fc.constantFrom("error", "realm", "scope", "max_age"), token);
const value = fc.oneof(
  quotable.map((text) => ({ text, written: quote(text) })),
  fc.stringMatching(/^[A-Za-z0-9_.-]{1,8}$/).map((text) => ({ text, written: text })),
);
const parameter = fc
  .tuple(name, fc.constantFrom("=", " = "), value)
  .map(([key, equals, { text, written }]) => ({ key, text, written: `${key}${equals}${written}` }));
const scheme = fc.constantFrom("Bearer", "bearer", "DPoP", "DPOP", "Basic", "Digest", "NewAuth");

const challenge = fc
  .tuple(scheme, fc.array(parameter, { maxLength: 4 }))
  .map(([word, parameters]): Written => {
    const said: Record<string, string> = {};
    for (const { key, text } of parameters) said[key.toLowerCase()] ??= text;
    const text = `${word} ${parameters.map(({ written }) => written).join(", ")}`.trim();
    return { text, isOfTokens: /^(bearer|dpop)$/i.test(word), parameters: said };
  });

describe("a WWW-Authenticate header", () => {
  test("of several challenges says what the token scheme's says, the one with an error first", () => {
    fc.assert(
      fc.property(fc.array(challenge, { maxLength: 4 }), (challenges) => {
        const header = challenges.map(({ text }) => text).join(", ");
        const ofTokens = challenges.filter(({ isOfTokens }) => isOfTokens);
        const expected = ofTokens.find(({ parameters }) => "error" in parameters) ?? ofTokens[0];
        expect(tokenChallenge(header)).toEqual(expected?.parameters);
      }),
      { numRuns: 1000 },
    );
  });

  test("is not fooled by what another challenge quotes", () => {
    fc.assert(
      fc.property(quotable, (before) => {
        const lie = `${before}", Bearer error="insufficient_scope`;
        expect(tokenChallenge(`Basic realm=${quote(lie)}`)).toBeUndefined();
      }),
    );
  });

  test("of garbage is read without harm, and in a time that grows with its length", () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom("Bearer", "=", '"', "\\", ",", " ", "error", "="),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(typeof (tokenChallenge(pieces.join("")) ?? {})).toBe("object");
      }),
    );
    for (const unit of ['"', "a", "a ", 'a="', "\\", " ", 'a=\\"', "a= "]) {
      const start = performance.now();
      tokenChallenge(unit.repeat(50_000));
      expect({ unit, isQuick: performance.now() - start < 2000 }).toEqual({ unit, isQuick: true });
    }
  });
});
