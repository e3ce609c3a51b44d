import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { Auth } from "react-authed-query";

declare global {
  /** Where a page that loads the library puts its `Auth`, for the test to reach. */
  var auth: Auth;
}

/** The library as one script, as an app's bundler would make it. */
export async function libraryScript(): Promise<string> {
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root: fileURLToPath(new URL("../..", import.meta.url)),
    define: { "process.env.NODE_ENV": '"production"' },
    build: {
      write: false,
      lib: { entry: "src/index.ts", formats: ["es"] },
    },
  });
  const [output] = [built].flat();
  if (!output || !("output" in output)) throw new Error("Vite built nothing.");
  return output.output[0].code;
}
