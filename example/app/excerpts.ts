import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";

/** A part of a source file, as it is when the app is built. */
export interface Excerpt {
  /** The path from the root of the repository. */
  file: string;
  /** The number of its first line. */
  line: number;
  /** The text in pieces, so that each kind can have its colour. */
  pieces: readonly (readonly [kind: PieceKind, text: string])[];
}

type PieceKind = "comment" | "text" | "keyword" | "plain";

const mostLines = 20;
const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Lets the app show its own source: `import lines from "./auth.ts?of=signUp&excerpt"` is the declaration
 * of that name. The build fails if it is gone, if there are two, or if it has grown too long to be shown.
 */
export function excerpts(): Plugin {
  return {
    name: "excerpts",
    enforce: "pre",
    load(id) {
      const [, path, name] = /^(.+)\?of=(\w+)&excerpt$/.exec(id) ?? [];
      if (!path || !name) return undefined;
      this.addWatchFile(path);
      const { line, text } = excerptOf(readFileSync(path, "utf8"), name);
      const excerpt: Excerpt = { file: relative(root, path), line, pieces: piecesOf(text) };
      return { code: `export default ${JSON.stringify(excerpt)}`, moduleType: "js" };
    },
  };
}

/**
 * Finds the function, constant or method that the source declares under the name.
 *
 * @throws Error unless there is exactly one, of at most 20 lines.
 */
export function excerptOf(source: string, name: string): { line: number; text: string } {
  const lines = source.split("\n");
  const declaration = new RegExp(
    `^ *((export )?((async )?function|const) ${name}\\b|(async )?${name}\\((?!.*=>).* \\{$)`,
  );
  const [start, ...others] = [...lines.keys()].filter((at) => declaration.test(lines[at] ?? ""));
  if (start === undefined) throw new Error(`There is no ${name} to show.`);
  if (others.length > 0) throw new Error(`There is more than one ${name} to show.`);
  const indent = /^ */.exec(lines[start] ?? "")?.[0] ?? "";
  const isEnd = (line: string) =>
    line.startsWith(indent) && /^[)}\]]/.test(line.slice(indent.length)) && !line.endsWith("{");
  const length = lines.slice(start + 1).findIndex(isEnd) + 2;
  if (length < 2 || length > mostLines) throw new Error(`${name} is not a few lines any more.`);
  const shown = lines.slice(start, start + length);
  return { line: start + 1, text: shown.map((each) => each.replace(indent, "")).join("\n") };
}

const piece =
  /(\/\/.*|\/\*[\s\S]*?\*\/)|("(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|\b(async|await|const|else|export|for|function|if|new|of|return|throw|try|catch|let|while)\b/g;

/** Tells comments, texts and keywords from the rest. */
function piecesOf(code: string): Excerpt["pieces"] {
  const pieces: [PieceKind, string][] = [];
  let end = 0;
  for (const found of code.matchAll(piece)) {
    const [whole, comment, text] = found;
    if (found.index > end) pieces.push(["plain", code.slice(end, found.index)]);
    pieces.push([comment ? "comment" : text ? "text" : "keyword", whole]);
    end = found.index + whole.length;
  }
  return [...pieces, ["plain", code.slice(end)]];
}
