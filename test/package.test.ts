import { mkdir, readdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { fixture } from "../scripts/find-fixture.mjs";
import { installPacked } from "./support/packedPackage.js";
import { run } from "./support/run.js";

const app = fixture("package");
const modules = join(app, "node_modules");
const installed = join(modules, "react-authed-query");

beforeAll(() => installPacked(installed));

test("a package that is packed in a fresh clone is whole", async () => {
  const names = (await readdir(installed)).toSorted();
  expect(names).toEqual(["CHANGELOG.md", "LICENSE", "README.md", "dist", "package.json"]);
  const built = await readdir(join(installed, "dist"));
  expect(built).toEqual(expect.arrayContaining(["index.d.ts", "index.js", "createAuth.d.ts"]));
  const manifest: unknown = JSON.parse(await readFile(join(installed, "package.json"), "utf8"));
  expect(manifest).toMatchObject({ main: "./dist/index.js", types: "./dist/index.d.ts" });
});

describe("an app compiles, its libraries too", () => {
  const compile = (...options: string[]) =>
    run(process.execPath, [join(modules, "typescript/bin/tsc"), "-p", "types", ...options], {
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

describe("Jest runs an app's test with the README's line", () => {
  const jest = () =>
    run(process.execPath, [join(modules, "jest/bin/jest.js"), "--ci"], { cwd: app });

  test("where npm installed the package", async () => {
    await expect(jest()).resolves.toBeTypeOf("string");
  });

  test("where pnpm did: in a folder of its own, behind a link", async () => {
    const store = join(modules, ".pnpm/react-authed-query@0.1.0/node_modules/react-authed-query");
    await rm(store, { recursive: true, force: true });
    await mkdir(dirname(store), { recursive: true });
    await rename(installed, store);
    await symlink(store, installed, "junction");
    await expect(jest()).resolves.toBeTypeOf("string");
  });
});
