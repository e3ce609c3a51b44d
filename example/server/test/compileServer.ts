import { fileURLToPath } from "node:url";
import { build } from "vite";

/** The server as one script, which Node starts without a compiler. */
export const compiledServer = fileURLToPath(
  new URL("../../../test-results/server/main.js", import.meta.url),
);

/** Compiles it once for all tests that start it as a process. */
export async function setup(): Promise<void> {
  await build({
    root: fileURLToPath(new URL("../../..", import.meta.url)),
    configFile: false,
    logLevel: "error",
    build: { ssr: "example/server/main.ts", outDir: "test-results/server", target: "node20" },
  });
}
