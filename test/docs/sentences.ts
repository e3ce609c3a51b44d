import { readdirSync, readFileSync } from "node:fs";
import { parseSync } from "vite";

/** Where the sentences for developers stand. */
const files = [
  ...readdirSync("src/core/dev", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => `src/core/dev/${name}`),
  "src/core/vocabulary/errors.ts",
  "src/core/vocabulary/usageErrors.ts",
  "src/react/provider/providerWarnings.ts",
  "src/react/query/queryWarnings.ts",
  "src/react/request/parseBody.ts",
  "src/testing/misuse.ts",
];

/** A text of the source, in pieces: between them stands what is filled in. */
export interface Sentence {
  readonly file: string;
  readonly pieces: readonly string[];
}

/** Every text of three words or more that these files hold. */
export const sentences: readonly Sentence[] = files.flatMap((file) =>
  textsIn(parseSync(file, readFileSync(file, "utf8")).program)
    .map((pieces) => ({ file, pieces: pieces.filter(isWording) }))
    .filter(({ pieces }) => pieces.length > 0),
);

function isWording(piece: string): boolean {
  return /\S+ \S+ \S/.test(piece);
}

/** The string literals and templates below a node of a syntax tree. */
function textsIn(node: unknown): string[][] {
  if (typeof node !== "object" || node === null) return [];
  const { type, value, quasis }: { type?: unknown; value?: unknown; quasis?: unknown } = node;
  const inner = Object.values(node).flatMap(textsIn);
  if (type === "Literal" && typeof value === "string") return [value.split("%s")];
  if (type !== "TemplateLiteral" || !Array.isArray(quasis)) return inner;
  return [quasis.map((quasi: { value: { cooked: string } }) => quasi.value.cooked), ...inner];
}
