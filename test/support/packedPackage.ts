import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/**
 * Packs the package in a fresh clone, and unpacks it in an app, as npm does for its users. Packing
 * builds: in this folder it would replace `dist` while other tests use it.
 *
 * @param place - the folder of the package in that app.
 */
export async function installPacked(place: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const clone = join(folder, "clone");
    await cloneInto(clone);
    // With the `test` of Vitest, the build would have React's JSX of development.
    const env = { ...process.env, NODE_ENV: "production" };
    await run("npm", ["pack", "--pack-destination", folder], { cwd: clone, env });
    const [tarball = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    await rm(place, { recursive: true, force: true });
    await mkdir(place, { recursive: true });
    const given = ["-xzf", tarball, "--strip-components=1", "-C", place];
    await run("tar", given, { cwd: folder });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The files that git does not ignore, after `npm ci`. */
async function cloneInto(clone: string): Promise<void> {
  const ignored = (await readFile(join(root, ".gitignore"), "utf8")).split("\n");
  await cp(root, clone, {
    recursive: true,
    filter: (path) => ![".git", ...ignored].includes(basename(path)),
  });
  await symlink(join(root, "node_modules"), join(clone, "node_modules"), "junction");
}
