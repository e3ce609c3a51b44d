import { expect, test } from "vitest";
import { countTo, isMore, names, once } from "./canary.js";

test("one number is more than another, or is not", () => {
  expect([isMore(2, 1), isMore(1, 2)]).toEqual([true, false]);
});

test("a count ends where it should", () => {
  expect(countTo(3)).toBe(3);
});

test("what is over resolves", async () => {
  expect(await once(true)).toBe("over");
});

test("what is not over does not", async () => {
  const waiting = Promise.resolve("still waiting");
  expect(await Promise.race([once(false), waiting])).toBe("still waiting");
});

test("there is one name", () => {
  expect(names).toEqual(["one"]);
});
