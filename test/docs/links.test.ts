import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { anchorsOf, linksOf, pages } from "./markdown.js";

describe.each(pages)("$path", ({ path, text }) => {
  const links = linksOf(text);

  test("every file that it links to is there", () => {
    const lost = links.filter((link) => {
      const [file = ""] = link.split("#");
      return file !== "" && !existsSync(join(dirname(path), file));
    });
    expect(lost).toEqual([]);
  });

  test("every heading that it links to is there", () => {
    const lost = links.filter((link) => {
      const [file = "", anchor] = link.split("#");
      if (anchor === undefined || (file !== "" && !file.endsWith(".md"))) return false;
      const target = file === "" ? text : readFileSync(join(dirname(path), file), "utf8");
      return !anchorsOf(target).includes(anchor);
    });
    expect(lost).toEqual([]);
  });
});
