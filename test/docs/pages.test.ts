import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkLinks } from "../../docs/.vitepress/checkLinks.js";
import { introductionOf, sections } from "../../docs/.vitepress/pages.js";

const written = Object.values(sections)
  .flat()
  .filter((page) => !page.startsWith("reference/"));

test("the sidebar lists the pages that are there, and no others", () => {
  const there = readdirSync("docs")
    .filter((file) => file.endsWith(".md") && file !== "index.md")
    .map((file) => file.slice(0, -".md".length));
  expect(written.toSorted()).toEqual(there.toSorted());
});

test.each(written)("%s begins with a sentence that says what it is about", (page) => {
  expect(introductionOf(page)).toMatch(/^.{20,300}[.:!?]$/);
});

/** A site of two pages, of which the first links to `href`. */
function check(href: string): void {
  const folder = mkdtempSync(join(tmpdir(), "site-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "index.html"), `<h1 id="top">One</h1><a href="${href}">there</a>`);
  writeFileSync(join(folder, "two.html"), `<h2 id="été">Two</h2>`);
  checkLinks(folder, "/base/");
}

test.each([
  "#top",
  "/base/",
  "/base/#top",
  "two.html",
  "/base/two.html#%C3%A9t%C3%A9",
  "https://example.com/three.html",
  "mailto:ada@example.com",
])("the site may link to %s", (href) => {
  expect(() => check(href)).not.toThrow();
});

test.each([
  ["a page that is not there", "three.html"],
  ["a heading that is not there", "two.html#top"],
  ["a heading of the page itself that is not there", "#end"],
  ["an address that is not below its base", "/two.html"],
])("the site is not made with a link to %s", (_, href) => {
  expect(() => check(href)).toThrow(`index.html links to ${href}`);
});
