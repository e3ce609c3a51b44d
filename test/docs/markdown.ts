import { readdirSync, readFileSync } from "node:fs";

/** A document of the project. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** The documents for users and contributors. */
export const pages: readonly Page[] = [
  ...["README.md", "CONTRIBUTING.md", "SECURITY.md"],
  ...readdirSync("docs")
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
  ...["example/server/README.md", "example/server/session/README.md"],
].map((path) => ({ path, text: readFileSync(path, "utf8") }));

/** The text of a document. */
export function pageAt(path: string): string {
  const page = pages.find((each) => each.path === path);
  if (!page) throw new Error(`There is no ${path}.`);
  return page.text;
}

/** Code that a page shows. */
export interface CodeBlock {
  /** Such as `tsx`; empty if the fence names none. */
  readonly language: string;
  readonly code: string;
  /** The comment right above it: the file that it is from, or why it is from none. */
  readonly origin: string | undefined;
}

/** The code of a page, in its order. */
export function codeBlocksOf(text: string): CodeBlock[] {
  const fences = text.matchAll(/(?:^<!-- ([^\n]*) -->\n\n)?^```(\w*)\n(.*?)^```$/gms);
  return [...fences].map(([, origin, language = "", code = ""]) => ({ origin, language, code }));
}

/** A page without its code: what a reader takes for text. */
function proseOf(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, "").replaceAll(/`[^`\n]*`/g, "`code`");
}

/** Where the links and pictures of a page lead, without those to other sites. */
export function linksOf(text: string): string[] {
  const links = proseOf(text).matchAll(/\]\(([^)\s]+)\)/g);
  return Array.from(links, ([, link = ""]) => link).filter((link) => !/^https?:/.test(link));
}

/** The anchors of a page's headings, as GitHub and VitePress make them of plain words. */
export function anchorsOf(text: string): string[] {
  const headings = text.replaceAll(/^```.*?^```$/gms, "").matchAll(/^#+ (.*)$/gm);
  return Array.from(headings, ([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, "")
      .replaceAll(" ", "-"),
  );
}
