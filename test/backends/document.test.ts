import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { dialects } from "./dialects/index.js";

const path = "docs/backends.md";
const document = readFileSync(path, "utf8");
const blocks = [...document.matchAll(/<!-- (\S+) -->\s+```ts\n(.*?)```/gs)];
const files = ["configs", "wrappers"].flatMap((folder) =>
  readdirSync(`test/backends/${folder}`).map((name) => `test/backends/${folder}/${name}`),
);

test.each(files)("the document shows %s as the tests run it", (file) => {
  const shown = blocks.filter(([, name]) => name === file).map(([, , text]) => text);
  expect(shown).not.toEqual([]);
  expect(new Set(shown)).toEqual(new Set([readFileSync(file, "utf8")]));
});

test("every block of the document that begins with an import is one that the tests run", () => {
  const imported = document.match(/```ts\nimport /g)?.length;
  expect(blocks).toHaveLength(imported ?? 0);
});

test("every block of the document that creates an Auth is one that the tests run", () => {
  const created = document.match(/createAuth\(/g)?.length;
  const inBlocks = blocks.flatMap(([, , text]) => text?.match(/createAuth\(/g) ?? []).length;
  expect(inBlocks).toBe(created);
});

test("the document names the backends whose refresh names nobody, and each of them says so", () => {
  const sections = document.split(/^## /m);
  const sectionOf = (name: string) => sections.find((text) => text.startsWith(`${name}\n`));
  const forgetting = dialects.filter(({ userAfterReload }) => userAfterReload);
  expect(forgetting).not.toEqual([]);
  for (const { name } of forgetting) {
    expect(sectionOf("Who is signed in")).toContain(name.replace(/ \d$/, ""));
    expect(sectionOf(name)).toContain("Only its login [names the user](#who-is-signed-in)");
  }
});

test("every link of the document leads to a file or a heading", () => {
  const anchors = [...document.matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = ""]) =>
      `#${heading
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-")}`,
  );
  const links = [...document.matchAll(/\]\(([^)]+)\)/g)].map(([, link = ""]) => link);
  const dead = links
    .filter((link) => !link.startsWith("https://"))
    .filter((link) => !anchors.includes(link) && !existsSync(join(dirname(path), link)));
  expect(links.length).toBeGreaterThan(20);
  expect(dead).toEqual([]);
});
