import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The app of Next.js that the package is tested in. It has packages of its own. */
export const nextApp = fileURLToPath(new URL("../test/nextjs", import.meta.url));

/** Whether its packages are there, in the versions that it names. */
export function isNextInstalled() {
  const { dependencies } = readJSON(nextApp);
  return Object.entries(dependencies).every(([name, version]) => {
    try {
      return readJSON(join(nextApp, "node_modules", name)).version === version;
    } catch {
      return false;
    }
  });
}

function readJSON(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
