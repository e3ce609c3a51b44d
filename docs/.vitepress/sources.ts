import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, extname, posix } from "node:path";
import { fileURLToPath } from "node:url";
import type { MarkdownRenderer } from "vitepress";

/**
 * The Markdown links to files of the repository (`../src/options.ts`), which GitHub shows. The site has
 * a page for each file that is linked to: `source/src/options.ts.md`.
 */
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The file of the repository that a page is made of. */
const fileOf = (page: string) =>
  page.startsWith("source/") ? page.slice("source/".length) : `docs/${page}`;

/** The page that is made of a file of the repository. */
function pageOf(file: string): string {
  if (file.startsWith("docs/")) return file.slice("docs/".length);
  return `source/${file.endsWith(".md") ? file : `${file}.md`}`;
}

/** The file that a relative link in another leads to. */
function targetOf(file: string, href: string): string {
  const target = posix.join(posix.dirname(file), decodeURI(href)).replace(/\/$/, "");
  return existsSync(`${root}/${target}/README.md`) ? `${target}/README.md` : target;
}

const isRelative = (href: string) => !/^(\w+:|[#/])/.test(href);

/** Makes each relative link lead to the page of its file, and each picture be found, in HTML too. */
export function linkSources(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("sources", ({ tokens, env }) => {
    const page: string = env.relativePath;
    for (const token of tokens.flatMap((each) => [each, ...(each.children ?? [])])) {
      if (token.type.startsWith("html_")) {
        token.content = token.content.replaceAll(/(?<= src(?:set)?=")[^"]+/g, (picture) =>
          linkFrom(page, picture, pathOfPicture),
        );
      }
      const isImage = token.type === "image";
      const link = token.attrs?.find(([name]) => name === (isImage ? "src" : "href"));
      if (link) link[1] = linkFrom(page, link[1], isImage ? pathOfPicture : pageOf);
    }
  });
}

const pathOfPicture = (file: string) => posix.relative("docs", file);

/** What leads from a page to that which is made of the file behind a relative link. */
function linkFrom(page: string, href: string, madeOf: (file: string) => string): string {
  if (!isRelative(href)) return href;
  const [, path = "", anchor = ""] = /^([^#]*)(#.*)?$/.exec(href) ?? [];
  const target = madeOf(targetOf(fileOf(page), path));
  return posix.relative(posix.dirname(page), target) + anchor;
}

/** The page of the file that a relative link of a page leads to; `undefined` if it leads to none. */
export function pageBehind(page: string, href: string): string | undefined {
  if (!isRelative(href)) return undefined;
  const [path = "", anchor] = href.split("#");
  const file = targetOf(fileOf(page), path);
  if (!existsSync(`${root}/${file}`)) return undefined;
  return anchor === undefined ? pageOf(file) : `${pageOf(file)}#${anchor}`;
}

/** Writes a page for each file that these pages link to, and that those link to in turn. */
export function writeSources(pages: string[]): void {
  rmSync(`${root}/docs/source`, { recursive: true, force: true });
  const files = new Set(pages.map((page) => `docs/${page}.md`));
  for (const file of files) {
    const isMarkdown = file.endsWith(".md");
    if (!file.startsWith("docs/")) write(pageOf(file), isMarkdown ? read(file) : show(file));
    if (!isMarkdown) continue;
    for (const [, href = ""] of read(file).matchAll(/\]\(([^)#\s]+)/g)) {
      const target = targetOf(file, href);
      if (isRelative(href) && existsSync(`${root}/${target}`)) files.add(target);
    }
  }
}

/** A file, or each file of a folder. */
function show(path: string): string {
  const isFolder = statSync(`${root}/${path}`).isDirectory();
  const inside = isFolder ? readdirSync(`${root}/${path}`, { withFileTypes: true }) : [];
  const files = isFolder
    ? inside.filter((entry) => entry.isFile()).map(({ name }) => `${path}/${name}`)
    : [path];
  const texts = files.flatMap((file) => [
    ...(isFolder ? ["", `## ${posix.basename(file)}`] : []),
    ...["", `\`\`\`\`${extname(file).slice(1)}`, read(file).trimEnd(), "````"],
  ]);
  return [`# ${path}`, ...texts, ""].join("\n");
}

const read = (file: string) => readFileSync(`${root}/${file}`, "utf8");

function write(page: string, text: string): void {
  const path = `${root}/docs/${page}`;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `---\nsearch: false\nsidebar: false\naside: false\n---\n\n${text}`);
}
