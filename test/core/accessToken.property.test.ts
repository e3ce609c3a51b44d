import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { expiryOf, isUsableToken } from "../../src/core/token/accessToken.js";
import { lifetimeSeconds, readClaims } from "../../src/core/token/accessToken.js";
import { makeJWT } from "../support/authServer.js";

const claims = fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue());

describe("the claims of a JWT", () => {
  test("are read as they were written, whatever the script", () => {
    fc.assert(
      fc.property(claims, (written) => {
        expect(readClaims(makeJWT(written))).toEqual(JSON.parse(JSON.stringify(written)));
      }),
    );
  });

  test("are none for garbage, which is read without harm", () => {
    const garbage = fc.oneof(
      fc.string(),
      fc.array(fc.base64String(), { maxLength: 4 }).map((parts) => parts.join(".")),
      fc.oneof(fc.array(fc.jsonValue()), fc.integer(), fc.string()).map((payload) => {
        const text = Buffer.from(JSON.stringify(payload)).toString("base64url");
        return `x.${text}.x`;
      }),
    );
    fc.assert(
      fc.property(garbage, (token) => {
        expect(readClaims(token)).toBeUndefined();
      }),
    );
  });
});

describe("a usable token", () => {
  test("is every b64token of RFC 6750", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9\-._~+/]+=*$/), (token) => {
        expect(isUsableToken(token)).toBe(true);
      }),
    );
  });

  test("is nothing that could change the header it is put into", () => {
    const units = ["a", "Z", "9", "-", ".", "_", "~", "+", "/", "=", "\r", "\n", "\t", "\0"];
    const unit = fc.constantFrom(...units, " ", ",", '"', "\u00a0", "é");
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 6 }), (text) => {
        if (!isUsableToken(text)) return;
        expect(text).toMatch(/^[!-~]+$/);
        expect(text).not.toMatch(/[,"]/);
        const { headers } = new Request("https://x", {
          headers: { authorization: `Bearer ${text}` },
        });
        expect(headers.get("authorization")).toBe(`Bearer ${text}`);
      }),
      { numRuns: 500 },
    );
  });
});

describe("the lifetime of a token", () => {
  const number = fc.oneof(fc.double(), fc.integer());
  const unknown = fc.oneof(number, fc.constant(undefined), fc.string(), fc.constant(null));

  test("is unknown or more than nothing, whatever the claims say", () => {
    fc.assert(
      fc.property(
        unknown,
        unknown,
        fc.option(number),
        fc.double(),
        (exp, iat, body, answeredAt) => {
          const seconds = lifetimeSeconds({ exp, iat }, body ?? undefined, answeredAt);
          const isNoLonger = !(body !== null && body > 0) || (seconds ?? Infinity) <= body;
          expect(seconds === undefined || (seconds > 0 && isNoLonger)).toBe(true);
        },
      ),
    );
  });

  test("is that of the token, though both its ends are cut to whole seconds", () => {
    const life = fc.double({ min: 1.5, max: 1e8, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0, max: 2e9, noNaN: true }), life, (issuedAt, lives) => {
        const [iat, exp] = [Math.floor(issuedAt), Math.floor(issuedAt + lives)];
        const seconds = lifetimeSeconds({ iat, exp }, undefined, Number.NaN);
        fc.pre(exp > iat);
        // Never later than the true end, but where the whole life is a second or two.
        expect(seconds).toBeLessThanOrEqual(Math.max(lives, (exp - iat) * 0.9));
        expect(seconds).toBeGreaterThan(lives - 2 - 1e-6);
      }),
    );
  });

  test("is used for at least its half, and its margins are in order", () => {
    const life = fc.double({ min: 1e-3, max: 1e9, noNaN: true });
    const none = { lifetimeMs: 0, refreshAfterMs: 0, expiresAfterMs: 0 };
    const soft = fc.option(fc.double({ min: 1e-3, max: 1e12, noNaN: true }), { nil: undefined });
    fc.assert(
      fc.property(life, soft, (seconds, softSeconds) => {
        const { lifetimeMs, refreshAfterMs, expiresAfterMs } =
          expiryOf(seconds, softSeconds) ?? none;
        expect(refreshAfterMs).toBeGreaterThanOrEqual(lifetimeMs / 2);
        expect(expiresAfterMs).toBeGreaterThanOrEqual(refreshAfterMs);
        expect(lifetimeMs).toBeGreaterThan(expiresAfterMs);
        expect(lifetimeMs - expiresAfterMs).toBeLessThanOrEqual(5000.001);
      }),
    );
  });

  test("that is no number of seconds to come is none", () => {
    const none = fc.constantFrom(0, -0, Number.NaN, Infinity, -Infinity, undefined);
    const nothing = fc.oneof(none, fc.double({ max: 0, noNaN: true }));
    fc.assert(
      fc.property(nothing, (seconds) => {
        expect(expiryOf(seconds, undefined)).toBeUndefined();
      }),
    );
  });
});
