import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../support/run.js";

type Manifest = Record<string, unknown>;

/** What a person has to fill in before the first release. */
const personal = {
  repository: { type: "git", url: "git+https://example.com/ada/tea.git" },
  homepage: "https://example.com/tea",
  bugs: { url: "https://example.com/ada/tea/issues" },
  author: "Ada",
};

/** Runs the check on this package as it is but for what is changed, and gives what it printed. */
async function check({
  manifest = {},
  changelog = read("CHANGELOG.md"),
  security = read("SECURITY.md"),
  tag,
}: {
  manifest?: Manifest;
  changelog?: string;
  security?: string;
  tag?: string;
} = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "release-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  // Ours.
  const ours = JSON.parse(read("package.json")) as Manifest;
  writeFileSync(
    join(folder, "package.json"),
    JSON.stringify({ ...ours, version: "1.2.0", ...manifest }),
  );
  writeFileSync(join(folder, "CHANGELOG.md"), changelog);
  writeFileSync(join(folder, "SECURITY.md"), security);
  const env = { ...process.env, GITHUB_REF_TYPE: tag && "tag", GITHUB_REF_NAME: tag };
  return run(process.execPath, ["scripts/release-check.mjs", folder], { cwd: process.cwd(), env });
}

const filledIn = {
  manifest: personal,
  changelog: "# Changelog\n\n## 1.2.0\n\n- Added tea.",
  security: "Write to security@example.com.",
};

test("without what only a person can fill in, each missing thing is named with its remedy", async () => {
  const none = { repository: undefined, homepage: undefined, bugs: undefined, author: undefined };
  const security = "Report it privately, not in an issue.";
  const changelog = "# Changelog\n\n## Unreleased\n\n- Added tea.";
  const fault = check({ manifest: none, changelog, security, tag: "v1.3.0" });
  await expect(fault).rejects.toThrow("Before react-authed-query 1.2.0 can be released:");
  const sentences = await fault.catch(({ message }: Error) => message.match(/^- .*/gm));
  expect(sentences).toEqual([
    expect.stringContaining("package.json: set `repository` to"),
    expect.stringContaining("package.json: set `homepage` to"),
    expect.stringContaining("package.json: set `bugs` to"),
    expect.stringContaining("package.json: set `author` to"),
    expect.stringContaining("SECURITY.md: name the contact"),
    expect.stringContaining("CHANGELOG.md: write `## 1.2.0` over"),
    expect.stringContaining("The tag is `v1.3.0`, and the version in package.json is 1.2.0."),
  ]);
});

test("a package that is filled in passes, with its tag too", async () => {
  expect(await check(filledIn)).toBe("react-authed-query 1.2.0 can be released.\n");
  expect(await check({ ...filledIn, tag: "v1.2.0" })).toContain("can be released");
});

test.each<[what: string, given: Parameters<typeof check>[0]]>([
  ["repository", { manifest: { ...personal, repository: "ada/tea" } }],
  ["homepage", { manifest: { ...personal, homepage: "http://example.com" } }],
  ["bugs", { manifest: { ...personal, bugs: {} } }],
  ["author", { manifest: { ...personal, author: { name: "" } } }],
  ["SECURITY.md", { security: "See https://example.com/ada/tea/security." }],
  ["CHANGELOG.md", { changelog: "## 1.2.01\n\n## 1x2.0" }],
])("what is wrong in one place is named alone: %s", async (what, given) => {
  const fault = await check({ ...filledIn, ...given }).catch(({ message }: Error) => message);
  expect(fault.match(/^- .*/gm)).toEqual([expect.stringContaining(what)]);
});

test("npm runs it before it publishes, and not when it packs", () => {
  // Ours.
  const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
  expect(scripts).toMatchObject({
    prepublishOnly: "npm run release:check",
    "release:check": "node scripts/release-check.mjs",
    prepack: "npm run build",
  });
});

function read(path: string): string {
  return readFileSync(path, "utf8");
}
