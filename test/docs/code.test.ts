import { existsSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { codeBlocksOf, pages } from "./markdown.js";

// The code of the pages is copied from files that the compiler reads, and most of which a test runs:
// `<!-- test/docs/snippets/x.ts -->` above it names the file. Other words there say why it is from none.

/** A test of its own makes a project of the blocks of this page. */
const compiledElsewhere = "example/server/session/README.md";

const blocks = pages
  .filter(({ path }) => path !== compiledElsewhere)
  .flatMap(({ path, text }) => codeBlocksOf(text).map((block) => ({ path, ...block })))
  .filter(({ language }) => /^[jt]sx?$/.test(language));

const isFile = (origin: string) => /^[\w./[\]-]+\.\w+$/.test(origin);

/** A reader's files stand beside each other. */
const asShown = (file: string) =>
  readFileSync(file, "utf8").replaceAll(/(?:\.\.\/){3}example\/quickStart\/(\w+)\.js/g, "./$1");

/** Lines without the indentation that they have in common. */
function flush(code: string): string {
  const depth = Math.min(
    ...Array.from(code.matchAll(/^( *)\S/gm), ([, spaces = ""]) => spaces.length),
  );
  return code.replaceAll(new RegExp(`^ {${depth}}`, "gm"), "");
}

/** What begins with an import is a whole file; else it is some of its lines, however deep they stand there. */
function originalOf(code: string, file: string): string | undefined {
  if (/^(\/\/.*\n|"use client";\n|\n)*import /.test(code)) return file;
  const lines = file.split("\n");
  const { length } = code.trimEnd().split("\n");
  return lines
    .map((_, first) => `${flush(lines.slice(first, first + length).join("\n"))}\n`)
    .find((part) => part === code);
}

test("every block of code says which file it is from, or why it is from none", () => {
  const silent = blocks
    .filter(({ origin }) => !origin)
    .map(({ path, code }) => [path, code.split("\n")[0]]);
  expect(silent).toEqual([]);
  const lost = blocks.flatMap(({ origin = "" }) =>
    isFile(origin) && !existsSync(origin) ? origin : [],
  );
  expect(lost).toEqual([]);
});

const copied = blocks.filter(({ origin = "" }) => isFile(origin) && existsSync(origin));

test.each(copied)("$path shows $origin as it is compiled", ({ origin = "", code }) => {
  expect(code).toBe(originalOf(code, asShown(origin)));
});
