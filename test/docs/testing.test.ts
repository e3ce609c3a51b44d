import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(path, "utf8");
const page = read("docs/testing.md");

test("the page names every option and control, and no others", () => {
  const membersOf = (file: string, name: string) => {
    const [, body = ""] =
      new RegExp(`interface ${name} .*?\\{\\n(.*?)\\n\\}`, "s").exec(read(file)) ?? [];
    return [...body.matchAll(/^ {2}(?:readonly )?(\w+)[?(:]/gm)].map(([, member]) => member);
  };
  const rowsOf = (head: string) => {
    const [, table = ""] = new RegExp(`\\| ${head} .*?\\n(.*?)\\n\\n`, "s").exec(page) ?? [];
    const cells = table.split("\n").map((row) => row.split("|")[1] ?? "");
    return cells.flatMap((cell) =>
      [...cell.matchAll(/`(?:await )?(\w+)/g)].map(([, name]) => name),
    );
  };
  const options = membersOf("src/testing/testOptions.ts", "TestAuthOptions");
  expect(options).toContain("tabOf");
  expect(rowsOf("Option")).toEqual(options);
  const controls = membersOf("src/testing/testAuth.ts", "TestControls");
  expect(controls).toContain("settled");
  expect(rowsOf("Control")).toEqual(controls);
});
