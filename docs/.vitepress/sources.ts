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

/** Makes each relative link lead to the page of its file. */
export function linkSources(markdown: MarkdownRenderer): void {
  markdown.core.ruler.push("sources", ({ tokens, env }) => {
    const page: string = env.relativePath;
    for (const { type, attrs } of tokens.flatMap(({ children }) => children ?? [])) {
      const link = attrs?.find(([name]) => name === (type === "image" ? "src" : "href"));
      if (!link || !isRelative(link[1])) continue;
      const [, path = "", anchor = ""] = /^([^#]*)(#.*)?$/.exec(link[1]) ?? [];
      const file = targetOf(fileOf(page), path);
      const target = type === "image" ? posix.relative("docs", file) : pageOf(file);
      link[1] = posix.relative(posix.dirname(page), target) + anchor;
    }
  });
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
