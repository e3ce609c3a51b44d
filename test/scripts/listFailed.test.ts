import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../support/run.js";

function makeFolder(files: Record<string, string>): string {
  mkdirSync("test-results", { recursive: true });
  // Below this folder, so that Vitest is found.
  const folder = mkdtempSync(join(process.cwd(), "test-results", "failed-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}

async function listFailed(cwd: string): Promise<string[]> {
  const script = join(process.cwd(), "scripts/list-failed.mjs");
  const printed = await run(process.execPath, [script, "report.json", "none.json"], { cwd });
  return printed.trimEnd().split("\n");
}

test("each failed test is named by its file, its full name and the first lines of its messages", async () => {
  const cwd = makeFolder({
    "vitest.config.mjs": "export default {};",
    "lamp.test.js": `
      import { describe, expect, test } from "vitest";
      describe("a lamp", () => {
        test("shines", () => expect("dark").toBe("bright"));
        test("burns", ({ onTestFinished }) => {
          onTestFinished(() => { throw new Error("The wick: wet"); });
          throw new Error("no flame\\nat all");
        });
        test("hangs", () => {});
      });`,
    "missing.test.js": `import "./nowhere.js";`,
  });
  const vitest = join(process.cwd(), "node_modules/vitest/vitest.mjs");
  const given = [vitest, "run", "--reporter=json", "--outputFile=report.json"];
  await expect(run(process.execPath, given, { cwd })).rejects.toThrow("report.json");

  const lines = await listFailed(cwd);
  expect(lines.toSorted()).toEqual([
    "",
    "    AssertionError: expected 'dark' to be 'bright' // Object.is equality",
    `    Cannot find module './nowhere.js' imported from ${cwd}/missing.test.js`,
    "    Error: The wick: wet",
    "    Error: no flame",
    "  lamp.test.js: a lamp burns",
    "  lamp.test.js: a lamp shines",
    "  missing.test.js",
    "Failed tests:",
  ]);
});

test("many are cut to less than thirty lines", async () => {
  const failureMessages = [`Error: ${"a long message ".repeat(100)}\n    at lamp.test.js`];
  const assertionResults = Array.from({ length: 20 }, (_, index) => {
    return { status: "failed", fullName: `number ${index}`, failureMessages };
  });
  const testResults = [{ name: "lamp.test.js", status: "failed", message: "", assertionResults }];
  const lines = await listFailed(makeFolder({ "report.json": JSON.stringify({ testResults }) }));
  expect(lines).toHaveLength(21);
  expect(lines.at(-1)).toBe("  … and 11 more");
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(450);
});
