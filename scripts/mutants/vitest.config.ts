import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { defineConfig } from "vitest/config";

const root = resolve(import.meta.dirname, "../..");
const instrumented = process.env["MUTANTS_SOURCES"] ?? "";

/** How a worker of `scripts/mutants.ts` sees the tests and the code: with all mutants in it, asleep. */
export default defineConfig({
  root,
  plugins: [
    {
      name: "mutants",
      enforce: "pre",
      load(id) {
        const file = relative(root, id);
        if (!/^src[\\/](core|http)[\\/]|[\\/]canary\.ts$/.test(file)) return undefined;
        try {
          return readFileSync(resolve(instrumented, file), "utf8");
        } catch {
          // Not mutated.
          return undefined;
        }
      },
    },
  ],
  resolve: { alias: { "react-authed-query": resolve(root, "src/index.ts") } },
  test: {
    include: ["scripts/mutants/allTests.ts"],
    environment: process.env["MUTANTS_ENVIRONMENT"] ?? "node",
    runner: resolve(import.meta.dirname, "runner.ts"),
    pool: "threads",
    maxWorkers: 1,
    cache: false,
    silent: true,
    // A mutant may reject where nobody listens; only failing tests kill it.
    dangerouslyIgnoreUnhandledErrors: true,
    // What a test that failed left behind is no matter of the next.
    restoreMocks: true,
    unstubGlobals: true,
    unstubEnvs: true,
    // The runner has limits of its own.
    testTimeout: 120_000,
  },
});
