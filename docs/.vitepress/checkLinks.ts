import { readFileSync, readdirSync } from "node:fs";

/** Fails the build for a link that leads nowhere: to no page or file, or to no heading of it. */
export function checkLinks(site: string, base: string): void {
  const files = readdirSync(site, { recursive: true, encoding: "utf8" });
  const pages = new Map(
    files
      .filter((file) => file.endsWith(".html"))
      .map((file) => [file, readFileSync(`${site}/${file}`, "utf8")]),
  );
  const lost = [...pages].flatMap(([page, html]) =>
    all(html, "href")
      .filter((href) => !isThere(new URL(href, `http://site${base}${page}`)))
      .map((href) => `${page} links to ${href}`),
  );
  if (lost.length > 0) throw new Error(`Dead links:\n${lost.join("\n")}`);

  function isThere({ host, pathname, hash }: URL): boolean {
    if (host !== "site") return true;
    if (!pathname.startsWith(base)) return false;
    const path = decodeURI(pathname.slice(base.length));
    const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
    const html = pages.get(file);
    if (!html || !hash) return files.includes(file);
    return all(html, "id").includes(decodeURIComponent(hash.slice(1)));
  }
}

const all = (html: string, attribute: string): string[] =>
  [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, "g"))].map(([, value = ""]) => value);
