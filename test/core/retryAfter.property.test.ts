import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { retryAfterMs } from "../../src/core/authServer/backoff.js";

const now = Date.UTC(2026, 0, 1);
const read = (value: string, date?: string) =>
  retryAfterMs(new Headers({ "retry-after": value, ...(date && { date }) }), now);

describe("Retry-After", () => {
  test("as a number of seconds is that", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1 }), (seconds) => {
        expect(read(String(seconds))).toBe(seconds * 1000);
        expect(read(`  ${seconds} `)).toBe(seconds * 1000);
      }),
    );
  });

  test("as a date is the time from the answer's own Date, whatever the clock here", () => {
    const second = fc.integer({ min: 0, max: 4e9 });
    fc.assert(
      fc.property(second, fc.integer({ min: 1, max: 1e6 }), (sentAt, seconds) => {
        const date = new Date(sentAt * 1000).toUTCString();
        const until = new Date((sentAt + seconds) * 1000).toUTCString();
        expect(read(until, date)).toBe(seconds * 1000);
        expect(read(date, until)).toBeUndefined();
        expect(read(date, date)).toBeUndefined();
      }),
    );
  });

  test("as a number that counts no seconds says nothing, though engines read a date in it", () => {
    const number = fc.oneof(
      fc.integer({ max: -1 }),
      fc.integer({ min: 1, max: 31 }).map((n) => n / 2 + 0.1),
    );
    fc.assert(
      fc.property(number, fc.date({ max: new Date(now), noInvalidDate: true }), (value, date) => {
        expect(read(String(value), date.toUTCString())).toBeUndefined();
      }),
    );
  });

  test("of anything else is no wait or one that is more than nothing, and no harm", () => {
    const text = fc
      .oneof(fc.string(), fc.double().map(String), fc.date({ noInvalidDate: true }).map(String))
      .filter((value) => !/[\r\n\0]/.test(value));
    fc.assert(
      fc.property(text, text, (value, date) => {
        const waitMs = read(value, date);
        expect(waitMs === undefined || waitMs > 0).toBe(true);
      }),
    );
  });
});
