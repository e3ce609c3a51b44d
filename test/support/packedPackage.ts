import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { run } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const tarball = join(root, "test-results/packed/package.tgz");

/**
 * Packs the package in a fresh clone, once for all tests of a project. Packing builds: in this folder
 * it would replace `dist` while other tests use it.
 */
export async function setup(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const clone = join(folder, "clone");
    await cloneInto(clone);
    // With the `test` of Vitest, the build would have React's JSX of development.
    const env = { ...process.env, NODE_ENV: "production" };
    await run("npm", ["pack", "--pack-destination", folder], { cwd: clone, env });
    const [packed = ""] = (await readdir(folder)).filter((name) => name.endsWith(".tgz"));
    await mkdir(dirname(tarball), { recursive: true });
    await cp(join(folder, packed), tarball);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/**
 * Unpacks the package in an app, as npm does for its users.
 *
 * @param place - the folder of the package in that app.
 */
export async function unpack(place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", place], { cwd: root });
}

/** What a fresh clone would have, were everything here committed. */
export async function filesOfClone(): Promise<string[]> {
  // In a container, the folder may belong to another user.
  const git = ["-c", "safe.directory=*", "ls-files", "-z"];
  const listed = await run("git", [...git, "--cached", "--others", "--exclude-standard"], {
    cwd: root,
  });
  // One that was deleted is listed until that is committed.
  return listed.split("\0").filter((path) => path !== "" && existsSync(join(root, path)));
}

/** Its files, after `npm ci`. */
async function cloneInto(clone: string): Promise<void> {
  for (const path of await filesOfClone()) await cp(join(root, path), join(clone, path));
  await symlink(join(root, "node_modules"), join(clone, "node_modules"), "junction");
}
