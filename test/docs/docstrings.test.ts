import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => readFileSync(`src/${file}`, "utf8"));

/** What `index.ts` exports. */
const publicNames = [
  ...readFileSync("src/index.ts", "utf8").matchAll(/export (?:type )?\{([^}]*)\}/g),
]
  .flatMap(([, names = ""]) => names.split(","))
  .map((name) => name.replace("type ", "").trim())
  .filter(Boolean);

/** The declaration of a name, with the two lines before it. */
function declarationOf(name: string): string[] {
  const start = new RegExp(
    `^export (abstract )?(interface|type|class|function|const) ${name}\\b`,
    "m",
  );
  const source = sources.find((each) => start.test(each)) ?? "";
  const lines = source.split("\n");
  const first = lines.findIndex((line) => start.test(line));
  const end = lines.findIndex((line, index) => index > first && /^\S/.test(line));
  return lines.slice(first - 2, end);
}

const isDocumented = (line = "") => line.trim().endsWith("*/");

test.each(publicNames)("%s has a docstring", (name) => {
  expect(isDocumented(declarationOf(name)[1])).toBe(true);
});

test.each(publicNames)("each member of %s has one", (name) => {
  const lines = declarationOf(name);
  const isType = /^export (interface|class|type \w+[^;]*\{$)/.test(lines[2] ?? "");
  const bare = lines.filter(
    (line, index) =>
      isType &&
      /^ {2}(override |declare |readonly )*\w+(\??:|\()/.test(line) &&
      !/^ {2}constructor\b/.test(line) &&
      !isDocumented(lines[index - 1]),
  );
  expect(bare).toEqual([]);
});
