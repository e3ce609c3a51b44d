import { describe, expect, test } from "vitest";
import { excerptOf } from "../../example/app/excerpts.js";

const source = `
/** Adds. */
export async function add(
  one: number,
  other: number,
): Promise<number> {
  return one + other;
}

export const shop = {
  sell(thing: string) {
    if (thing) {
      add(1, 2).catch((error) => {
        throw error;
      });
    }
  },
};

function twice() {}
function inner() {
  function twice() {}
}
`;

describe("what the park shows of its source is", () => {
  test("the whole function, from the line that it stands in", () => {
    const { line, text } = excerptOf(source, "add");
    expect(line).toBe(3);
    expect(text.split("\n")).toHaveLength(6);
    expect(text).toMatch(/^export async function add\([^]*\n}$/);
  });

  test("a method, without the indent of what it stands in", () => {
    expect(excerptOf(source, "sell").text).toMatch(/^sell\(thing: string\) \{\n {2}if[^]*\n\},$/);
  });

  test("refused, and so is the build, if it is gone, not the only one, or long", () => {
    expect(() => excerptOf(source, "subtract")).toThrow("There is no subtract to show.");
    expect(() => excerptOf(source, "twice")).toThrow("There is more than one twice to show.");
    const long = `function long() {\n${"  //\n".repeat(19)}}`;
    expect(() => excerptOf(long, "long")).toThrow("long is not a few lines any more.");
    expect(() => excerptOf("function open() {", "open")).toThrow("not a few lines");
  });
});
