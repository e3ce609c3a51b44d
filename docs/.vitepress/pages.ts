import { readFileSync } from "node:fs";

/** The pages in reading order. A page of `docs/` that is not listed here fails a test. */
export const sections = {
  Start: ["quick-start", "live", "how-it-works", "is-this-for-you", "migrating"],
  Connect: ["backends", "server-contract", "clients"],
  Build: ["recipes", "server-rendering", "testing", "devtools"],
  "When things go wrong": ["failures", "troubleshooting", "security"],
  Reference: [
    "reference/react-authed-query/index",
    "reference/react-authed-query/testing/index",
    "reference/react-authed-query/devtools/index",
  ],
  Contribute: ["architecture"],
};

/** The page of the types that an entry of the reference names and does not export, if it has any. */
export function innerTypesOf(page: string): string[] {
  const inner = page.replace(/^(reference\/.+\/)index$/, "$1inner-types");
  return inner !== page && /^### /m.test(read(inner)) ? [inner] : [];
}

/** A page as it is on the disk. */
export function read(page: string): string {
  return readFileSync(new URL(`../${page}.md`, import.meta.url), "utf8");
}

/** What a page is called: its first heading. */
export function titleOf(page: string): string {
  const title = /^# (.+)$/m.exec(read(page))?.[1];
  if (!title) throw new Error(`docs/${page}.md has no heading.`);
  return title.replaceAll("`", "");
}

/** What a page is about: its first sentence. */
export function introductionOf(page: string): string {
  const [, paragraph = ""] = /^# .+\n+((?:[^\n#|<>-].*\n)+)/m.exec(read(page)) ?? [];
  const [sentence = ""] = paragraph
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replaceAll(/\s+/g, " ")
    .split(/(?<=[.!?]) /);
  return sentence.trim();
}

interface SidebarSection {
  text: string;
  items: { text: string; link: string }[];
}

export function sidebar(): SidebarSection[] {
  return Object.entries(sections).map(([text, pages]) => ({
    text,
    items: pages.map((page) => ({ text: titleOf(page), link: `/${page.replace(/index$/, "")}` })),
  }));
}
