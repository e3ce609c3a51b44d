import { mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { SourceMap } from "node:module";
import { basename, dirname, join, relative } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../scripts/find-fixture.mjs";
import { linksOf } from "./docs/markdown.js";
import { filesOfClone, unpack } from "./support/packedPackage.js";
import { run } from "./support/run.js";

const app = fixture("package");
const nodeModules = join(app, "node_modules");
const installed = join(nodeModules, "react-authed-query");

interface Manifest {
  main: string;
  types: string;
  exports: object;
  typesVersions: object;
}

beforeAll(() => unpack(installed));

describe("a package that is packed in a fresh clone", () => {
  test("has each module, the sources, the documents, the recipes and the sessions to copy, and nothing else", async () => {
    const packed = await filesIn(installed);
    const shipped = (await filesOfClone()).filter((path) => {
      return /^(src|example\/(recipes|server\/session(Stores)?))\/|^docs\/(?!\.|index|live).*\.md$/.test(
        path,
      );
    });
    const modules = shipped.flatMap((path) => /^src\/(.*)\.tsx?$/.exec(path)?.[1] ?? []);
    const built = (...endings: string[]) =>
      modules.flatMap((module) => endings.map((ending) => `dist/${module}${ending}`));
    const expected = [
      ...["package.json", "README.md", "LICENSE", "CHANGELOG.md"],
      ...["CONTRIBUTING.md", "SECURITY.md"],
      ...shipped,
      ...built(".d.ts", ".d.ts.map"),
      // Of a module that has types only, nothing is left; one that only passes on needs no map.
      ...built(".js", ".js.map").filter((path) => packed.includes(path)),
    ];
    expect(packed.toSorted()).toEqual(expected.toSorted());
  });

  test("has every file that its package.json names", async () => {
    const packed = await filesIn(installed);
    const { main, types, exports, typesVersions } = await readJSON<Manifest>("package.json");
    const named = [main, types, exports, typesVersions].flatMap((value) =>
      [...JSON.stringify(value).matchAll(/"\.\/([^"]+)"(?!:)/g)].map(([, path]) => path),
    );
    expect(named).toContain("dist/index.js");
    expect(named.filter((path = "") => !packed.includes(path))).toEqual([]);
    expect({ main, types }).toEqual({ main: "./dist/index.js", types: "./dist/index.d.ts" });
  });

  test("has every file that its pages link to", async () => {
    const packed = await filesIn(installed);
    const isThere = (path: string) =>
      packed.some((file) => file === path || file.startsWith(`${path}/`));
    const links: [page: string, link: string][] = [];
    for (const page of packed.filter((path) => path.endsWith(".md"))) {
      for (const link of linksOf(await read(page))) links.push([page, link]);
    }
    const lost = links.filter(([page, link]) => {
      // npm shows the README's picture from the repository.
      const path = link.replace(/#.*/, "");
      return path !== "" && !path.endsWith(".webp") && !isThere(join(dirname(page), path));
    });
    expect(lost).toEqual([]);
    expect(links.length).toBeGreaterThan(100);
  });

  test.each([
    ["scripts", ".js", /^(?:export )?(?:async )?function (\w+)/],
    ["types", ".d.ts", /^export declare function (\w+)/],
  ])("has maps that lead from each function of its %s to its source", async (_, kind, pattern) => {
    const files = (await filesIn(installed)).filter((path) => {
      return path.startsWith("dist/") && path.endsWith(kind);
    });
    const wrong: string[] = [];
    let count = 0;
    for (const file of files) {
      const lines = (await read(file)).trimEnd().split("\n");
      if (!lines.some((line) => pattern.test(line))) continue;
      expect(lines.at(-1)).toBe(`//# sourceMappingURL=${basename(file)}.map`);
      const map = new SourceMap(await readJSON(`${file}.map`));
      for (const [index, line] of lines.entries()) {
        const [, name] = pattern.exec(line) ?? [];
        if (!name) continue;
        count += 1;
        const source = await sourceLineOf(map, file, { line: index, column: line.indexOf(name) });
        if (!source.includes(`function ${name}`)) wrong.push(`${file}: ${line} → ${source}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(count).toBeGreaterThan(50);
  });

  /** The line of the packed sources that a map names for a place in a file. */
  async function sourceLineOf(
    map: SourceMap,
    file: string,
    { line, column }: { line: number; column: number },
  ): Promise<string> {
    const entry = map.findEntry(line, column);
    if (!("originalSource" in entry)) return "nowhere";
    const source = join(dirname(file), entry.originalSource);
    return (await read(source)).split("\n")[entry.originalLine] ?? "nowhere";
  }
});

describe("an app compiles, its libraries too", () => {
  const compile = (...options: string[]) =>
    run(process.execPath, [join(nodeModules, "typescript/bin/tsc"), "-p", "types", ...options], {
      cwd: app,
    });

  test.each([
    ["bundler", "ESNext"],
    ["nodenext", "NodeNext"],
    ["node", "ESNext"],
  ])("with `moduleResolution: %s` and plain `strict`", async (moduleResolution, module) => {
    const given = ["--moduleResolution", moduleResolution, "--module", module];
    await expect(compile(...given)).resolves.toBe("");
  });

  test("with the strictest options", async () => {
    const strictest = ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"];
    await expect(compile("--moduleResolution", "bundler", ...strictest)).resolves.toBe("");
  });
});

describe("Jest runs an app's test with the line of docs/testing.md", () => {
  const jest = () =>
    run(process.execPath, [join(nodeModules, "jest/bin/jest.js"), "--ci"], { cwd: app });

  test("where npm installed the package", async () => {
    await expect(jest()).resolves.toBeTypeOf("string");
  });

  test("where pnpm did: in a folder of its own, behind a link", async () => {
    const store = join(
      nodeModules,
      ".pnpm/react-authed-query@0.1.0/node_modules/react-authed-query",
    );
    await rm(store, { recursive: true, force: true });
    await mkdir(dirname(store), { recursive: true });
    await rename(installed, store);
    await symlink(store, installed, "junction");
    await expect(jest()).resolves.toBeTypeOf("string");
  });
});

/** The paths of all files below a folder, from there. */
async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

function read(path: string): Promise<string> {
  return readFile(join(installed, path), "utf8");
}

async function readJSON<Content>(path: string): Promise<Content> {
  // Ours, or what the build has made.
  return JSON.parse(await read(path)) as Content;
}
