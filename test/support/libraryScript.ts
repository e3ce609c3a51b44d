import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { Auth } from "react-authed-query";
import { packageAlias } from "../packageAlias.js";

declare global {
  /** Where a page that loads the library puts its `Auth`, for the test to reach. */
  var auth: Auth;
}

/** The library as one script, as an app's bundler would make it. */
export async function libraryScript(): Promise<string> {
  return scriptOf("src/index.ts");
}

/** A page's script with all that it imports, the package by its name, as an app's bundler would make it. */
export async function scriptOf(entry: string): Promise<string> {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root,
    resolve: { alias: packageAlias },
    define: { "process.env.NODE_ENV": '"production"' },
    // Vite would take its word from this process, where NODE_ENV is "test".
    oxc: { jsx: { runtime: "automatic", development: false } },
    build: {
      write: false,
      lib: { entry, formats: ["es"] },
    },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("Vite built nothing.");
  return output.output[0].code;
}
