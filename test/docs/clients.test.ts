import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

const folder = "test/clients/clients";
const files = readdirSync(folder).filter((name) => name.endsWith(".ts"));

test.each(files)("the page shows %s as it is compiled and run", (file) => {
  const code = readFileSync(`${folder}/${file}`, "utf8");
  expect(readFileSync("docs/clients.md", "utf8")).toContain(`\n\`\`\`ts\n${code}\`\`\`\n`);
});

test("the page shows no other lines", () => {
  const blocks = readFileSync("docs/clients.md", "utf8").match(/^```\w+$/gm);
  expect(blocks).toHaveLength(files.length);
});
