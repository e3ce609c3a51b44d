import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Instrumenter } from "@stryker-mutator/instrumenter";

/** One small fault in one file. */
export interface Mutant {
  id: string;
  file: string;
  /** Of the first character that changes, both counted from 1. */
  line: number;
  column: number;
  mutator: string;
  /** The line as it stands, trimmed: a list that names it by its text outlives shifts of lines. */
  text: string;
  original: string;
  replacement: string;
}

/**
 * Writes each file with all its mutants in it into the folder, under its own name. Each mutant
 * sleeps until the switch names it.
 */
export async function instrument(files: readonly string[], folder: string): Promise<Mutant[]> {
  const sources = new Map(files.map((file) => [file, readFileSync(file, "utf8")]));
  const instrumenter = new Instrumenter(silence);
  const { files: written, mutants } = await instrumenter.instrument(
    [...sources].map(([name, content]) => ({ name, content, mutate: true })),
    { excludedMutations: [], ignorers: [{ shouldIgnore }], plugins: null },
  );
  for (const { name, content } of written) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  return mutants
    .filter(({ status }) => status !== "Ignored")
    .map(({ id, fileName, mutatorName, location: { start, end }, replacement }) => {
      const lines = (sources.get(fileName) ?? "").split("\n");
      const span = lines.slice(start.line, end.line + 1);
      span[span.length - 1] = span.at(-1)?.slice(0, end.column) ?? "";
      span[0] = span[0]?.slice(start.column) ?? "";
      return {
        id,
        file: fileName,
        line: start.line + 1,
        column: start.column + 1,
        mutator: mutatorName,
        text: lines[start.line]?.trim() ?? "",
        original: brief(span.join("\n")),
        replacement: brief(replacement),
      };
    });
}

/** A node as Babel gives it, as far as it is looked at. */
interface Node {
  type: string;
  value?: unknown;
  quasis?: { value: { raw: string } }[];
  test?: Node;
  left?: Node;
  object?: Node;
  property?: { name?: string };
}

/** Why a piece of code is left alone; `undefined` if it is not. */
function shouldIgnore(path: object): string | undefined {
  // Babel calls it with a path of its own.
  const { node } = path as { node: Node };
  const text =
    node.type === "StringLiteral"
      ? String(node.value)
      : (node.quasis ?? []).map(({ value }) => value.raw).join("…");
  if (/\S \S+ \S/.test(text)) return "A sentence for people.";
  if (node.type === "ConditionalExpression" || node.type === "IfStatement") {
    const tested = node.test?.type === "BinaryExpression" ? node.test.left : undefined;
    if (tested?.property?.name === "NODE_ENV") return "Of development.";
  }
  return undefined;
}

function brief(code: string): string {
  const line = code.replaceAll(/\s+/g, " ").trim();
  return line.length > 100 ? `${line.slice(0, 99)}…` : line;
}

const quiet = () => {};
const no = () => false;
const silence = {
  isTraceEnabled: no,
  isDebugEnabled: no,
  isInfoEnabled: no,
  isWarnEnabled: no,
  isErrorEnabled: no,
  isFatalEnabled: no,
  trace: quiet,
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
  fatal: quiet,
};
