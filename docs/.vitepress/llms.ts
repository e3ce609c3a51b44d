import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import type { SiteData } from "vitepress";
import { innerTypesOf, introductionOf, read, sections, titleOf } from "./pages.js";
import { pageBehind } from "./sources.js";

/** Writes the pages as Markdown, one by one and all in one, and `llms.txt`, which lists them. */
export function writeLlms(folder: string, { title, description, base }: SiteData): void {
  const lines = [`# ${title}`, "", `> ${description}`];
  const texts = [...lines];
  for (const [section, pages] of Object.entries(sections)) {
    lines.push("", `## ${section}`, "");
    for (const page of pages) {
      lines.push(`- [${titleOf(page)}](${base}${page}.md): ${introductionOf(page)}`);
      for (const each of [page, ...innerTypesOf(page)]) {
        const text = linkAbsolutely(each, read(each).replace(/^---\n.*?\n---\n+/s, ""), base);
        mkdirSync(dirname(`${folder}/${each}`), { recursive: true });
        writeFileSync(`${folder}/${each}.md`, text);
        texts.push("", text.trim());
      }
    }
  }
  writeFileSync(`${folder}/llms.txt`, `${lines.join("\n")}\n`);
  writeFileSync(`${folder}/llms-full.txt`, `${texts.join("\n")}\n`);
}

/** Has each link lead to a page of the site: as Markdown if it is written so, else in HTML. */
function linkAbsolutely(page: string, text: string, base: string): string {
  const written = Object.values(sections)
    .flat()
    .flatMap((each) => [each, ...innerTypesOf(each)]);
  return text.replaceAll(/(?<=\]\()[^)\s]+(?=\))/g, (href) => {
    const behind = pageBehind(`${page}.md`, href);
    if (!behind) return href;
    const isWritten = written.includes(behind.replace(/\.md(#.*)?$/, ""));
    return base + (isWritten ? behind : behind.replace(/\.md(?=#|$)/, ".html"));
  });
}
