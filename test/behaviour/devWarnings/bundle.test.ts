import { build, parseAst } from "vite";
import { expect, test } from "vitest";

/** The package as an app's bundler takes it in, minified, without its peers. */
async function bundle(mode: "development" | "production"): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: "silent",
    define: { "process.env.NODE_ENV": JSON.stringify(mode) },
    build: {
      write: false,
      minify: true,
      lib: { entry: "src/index.ts", formats: ["es"] },
      rolldownOptions: { external: [/^react/, /^@tanstack/, /^axios/] },
    },
  });
  // One entry, one format, not watched: vite's type allows more.
  const [{ output }] = result as unknown as [{ output: { code: string }[] }];
  return output.map(({ code }) => code).join("\n");
}

/** Every text in the code that reads as a sentence: four words or more. */
function sentencesIn(code: string): string[] {
  const sentences: string[] = [];
  JSON.stringify(parseAst(code), (name, value: unknown) => {
    const isText = (name === "value" || name === "cooked") && typeof value === "string";
    if (isText && /(\S+ ){3}/.test(value)) sentences.push(value);
    return typeof value === "bigint" ? String(value) : value;
  });
  return sentences;
}

test("no sentence is in a production bundle, and all are in that of development", async () => {
  const development = sentencesIn(await bundle("development"));
  for (const words of [
    "seems not to arrive",
    "proxy reached no API",
    "without the token: ",
    "share one query key",
    "two copies of react-authed-query",
    "Each rendering makes another Auth",
    "a URL as text, a request",
    "over. Sign in again.",
  ]) {
    expect(development).toContainEqual(expect.stringContaining(words));
  }
  expect(sentencesIn(await bundle("production"))).toEqual([]);
});
