import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** A folder whose packages are its own, for they do not go beside the root's: from the root. */
export function folderOf(name) {
  return name === "docs" ? name : `test/${name}`;
}

/** The same, as a whole path. */
export function fixture(name) {
  return fileURLToPath(new URL(`../${folderOf(name)}`, import.meta.url));
}

/** Whether its packages are there, in the versions that it names. */
export function isInstalled(name) {
  const { dependencies } = readJSON(fixture(name));
  return Object.entries(dependencies).every(([dependency, version]) => {
    try {
      const { version: found } = readJSON(join(fixture(name), "node_modules", dependency));
      // Under a name of our own it is `npm:name@version`. Some of Node's packages have a `v` before theirs.
      return version === found || version.endsWith(`@${found.replace("v", "")}`);
    } catch {
      return false;
    }
  });
}

function readJSON(folder) {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}
