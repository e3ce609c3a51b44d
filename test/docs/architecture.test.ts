import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const page = readFileSync("docs/architecture.md", "utf8");
const diagrams = page.split("```mermaid").slice(1);

/** The functions that a diagram names, each with the file in which it says they are. */
function functionsIn(diagram: string): [name: string, file: string][] {
  const files = new Map(
    [...diagram.matchAll(/participant (\w+) as (\S+)/g)].map(([, alias = "", file = ""]) => [
      alias,
      file,
    ]),
  );
  const calls = diagram.matchAll(/^\s*\w+->>(\w+): (\w+)\(/gm);
  return [...calls].map(([, alias = "", name = ""]) => [name, files.get(alias) ?? alias]);
}

test("the page has three diagrams", () => {
  expect(diagrams.map((diagram) => functionsIn(diagram).length > 5)).toEqual([true, true, true]);
});

test.each(diagrams.flatMap(functionsIn))("%s is in %s", (name, file) => {
  const source = readFileSync(`src/${file}`, "utf8");
  // A declaration, a member, or a parameter that is one: not a mere call.
  expect(source).toMatch(new RegExp(`\\b(function ${name}\\b|${name}[,:]|${name}\\()`));
});

test("every folder of the core has a row, and the file to start at is there", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\|.*\| `([^|]*)` +\|$/gm)].map(
    ([, folder = "", files = ""]) => ({ folder, files: files.split("`, `") }),
  );
  const folders = rows.map(({ folder }) => folder).filter((folder) => folder !== "src");
  expect(folders.toSorted()).toEqual(readdirSync("src/core").toSorted());
  const missing = rows.flatMap(({ folder, files }) =>
    files
      .map((file) => (folder === "src" ? `src/${file}` : `src/core/${folder}/${file}`))
      .filter((path) => !existsSync(path)),
  );
  expect(missing).toEqual([]);
});

test("every word in code stands in the source", () => {
  const words = page.slice(page.indexOf("## The words"), page.indexOf("## Three rules"));
  const named = [...words.matchAll(/`([\w-]+)`/g)].map(([, word = ""]) => word);
  const source = readdirSync("src", { recursive: true, encoding: "utf8" })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => readFileSync(`src/${file}`, "utf8"))
    .join("\n");
  const isThere = (word: string) => new RegExp(word.replace(/^clear/, "[cC]lear")).test(source);
  expect(named.filter((word) => !isThere(word))).toEqual([]);
});
