import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSync } from "vite";

/**
 * What the package can say to a developer: of each text of four words and more in its scripts the
 * longest piece that no minifier writes in another way.
 *
 * @param app - one that has the package. The testing kit is not part of an app.
 */
export async function sentencesOf(app: { folder: string }): Promise<string[]> {
  const dist = join(app.folder, "node_modules/react-authed-query/dist");
  const paths = await readdir(dist, { recursive: true });
  const scripts = paths.filter((path) => path.endsWith(".js") && !path.startsWith("testing"));
  const sentences = new Set<string>();
  for (const path of scripts) {
    const { program } = parseSync(path, await readFile(join(dist, path), "utf8"));
    for (const text of textsIn(program)) {
      const [longest = ""] = text
        .split(/[^\w ,.:;()-]+/)
        .map((piece) => piece.trim())
        .toSorted((left, right) => right.length - left.length);
      if (longest.split(" ").length >= 4) sentences.add(longest);
    }
  }
  return [...sentences];
}

/** Every string, and every fixed part of a template, in a syntax tree. */
function textsIn(node: unknown): string[] {
  if (typeof node !== "object" || node === null) return [];
  const { type, value } = node as { type?: unknown; value?: unknown };
  if (type === "Literal") return typeof value === "string" ? [value] : [];
  if (type === "TemplateElement") return [(value as { cooked: string }).cooked];
  return Object.values(node).flatMap(textsIn);
}
