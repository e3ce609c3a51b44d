import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = "test/types/mistakes";

test.each([
  ["plain strict", []],
  ["the strictest options", ["--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess"]],
])("the compiler says what to write instead, under %s", (_, flags) => {
  const { stdout } = spawnSync("node_modules/.bin/tsc", ["-p", folder, ...flags], {
    encoding: "utf8",
  });
  const messages = stdout.split(/^(?=\S)/m);
  const lines = readFileSync(`${folder}/mistakes.ts`, "utf8").split("\n");
  const wanted = lines.flatMap((line, index) => {
    const [, remedy] = /; \/\/ (.*)/.exec(line) ?? [];
    return remedy ? [[`${folder}/mistakes.ts(${index + 1},`, remedy] as const] : [];
  });
  expect(wanted.length).toBeGreaterThan(0);
  for (const [place, remedy] of wanted) {
    expect(messages.find((message) => message.startsWith(place))).toContain(remedy);
  }
  expect(messages).toHaveLength(wanted.length);
});
