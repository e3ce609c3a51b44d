import { cp, mkdir, mkdtemp, readdir, readFile, realpath, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { extname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture, type Fixture } from "../../scripts/find-fixture.mjs";
import type { AuthServer } from "./authServer.js";
import { unpack } from "./packedPackage.js";
import { run } from "./run.js";

const vite = fileURLToPath(new URL("../../node_modules/vite/bin/vite.js", import.meta.url));

/** An app of its own, with the packed package. */
export interface PackedApp {
  readonly folder: string;
  remove(): Promise<void>;
}

/**
 * Makes an app.
 *
 * @param source - its sources: a folder in `test/package`.
 * @param packages - the fixture whose packages it has beside the packed one.
 */
export async function createApp(source: string, packages: Fixture): Promise<PackedApp> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "packed-app-")));
  await cp(join(fixture("package"), source), folder, { recursive: true });
  await mkdir(join(folder, "node_modules"));
  const installed = join(fixture(packages), "node_modules");
  for (const name of await readdir(installed)) {
    // Another test has its own there.
    if (name === "react-authed-query" || name.startsWith(".")) continue;
    await symlink(join(installed, name), join(folder, "node_modules", name), "junction");
  }
  await unpack(join(folder, "node_modules/react-authed-query"));
  return { folder, remove: () => rm(folder, { recursive: true }) };
}

/** The files of a built page, by their paths. */
export type Built = ReadonlyMap<string, Buffer>;

/** Builds a page in one mode. */
export type Build = (app: PackedApp, mode: "production" | "development") => Promise<Built>;

export const buildWithVite: Build = async ({ folder: cwd }, mode) => {
  const given = [vite, "build", "--mode", mode, "--base", "./", "--logLevel", "error"];
  await run(process.execPath, given, { cwd, env: { ...process.env, NODE_ENV: mode } });
  return readBuilt(join(cwd, "dist"));
};

export const buildWithWebpack: Build = async ({ folder: cwd }, mode) => {
  const env = { ...process.env, NODE_ENV: mode };
  await run(process.execPath, ["webpack.mjs", mode], { cwd, env });
  return readBuilt(join(cwd, "dist"));
};

/** The files below a folder. */
export async function readBuilt(folder: string): Promise<Built> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      paths.map(async (path) => [relative(folder, path), await readFile(path)] as const),
    ),
  );
}

const types: Record<string, string> = { ".html": "text/html", ".js": "text/javascript" };

/** Lets the server of an API serve a page too, below this path. */
export function serve(server: AuthServer, base: string, built: Built): void {
  for (const [path, content] of built) {
    const headers = { "content-type": types[extname(path)] ?? "application/octet-stream" };
    server.on(`GET ${base}${path}`, (_, response) => {
      response.writeHead(200, headers).end(content);
    });
  }
}

/** All scripts of a page. */
export function scriptsOf(built: Built): string {
  return [...built]
    .flatMap(([path, code]) => (path.endsWith(".js") ? [String(code)] : []))
    .join("\n");
}
