import { defineConfig } from "vitepress";
import { checkLinks } from "./checkLinks.js";
import { drawMermaid } from "./drawMermaid.js";
import { writeLlms } from "./llms.js";
import { sections, sidebar } from "./pages.js";
import { linkSources, writeSources } from "./sources.js";

const pages = ["index", ...Object.values(sections).flat()];
writeSources(pages);

/** The pages are read on GitHub too, so a link to a heading is the same there. */
const slugAsGitHub = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{M}\p{N}\s_-]/gu, "")
    .replaceAll(" ", "-");

export default defineConfig({
  title: "react-authed-query",
  description:
    "Sessions for React apps that have their own JWT backend: one refresh, every request replayed, nobody notices.",
  lang: "en",
  head: [["link", { rel: "icon", href: "data:," }]],
  // The diagrams and the search index are large, and loaded where they are needed.
  vite: { build: { chunkSizeWarningLimit: 1500 } },
  // For a site that is not at the root of its host: DOCS_BASE=/react-authed-query/ npm run docs
  base: process.env["DOCS_BASE"] ?? "/",
  themeConfig: {
    search: { provider: "local" },
    sidebar: sidebar(),
    outline: [2, 3],
    nav: [
      { text: "Guide", link: "/quick-start" },
      { text: "Reference", link: "/reference/react-authed-query/" },
      { text: "Live", link: "/live" },
    ],
  },
  markdown: {
    anchor: { slugify: slugAsGitHub },
    config(markdown) {
      linkSources(markdown);
      drawMermaid(markdown);
    },
  },
  buildEnd({ outDir, site }) {
    writeLlms(outDir, site);
    checkLinks(outDir, site.base);
  },
});
