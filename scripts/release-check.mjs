// `npm run release:check`: what a release needs and only a person can fill in. Fails until it is there.
// npm runs it before it publishes.
//
// node scripts/release-check.mjs [FOLDER]   where the package.json is; this repository if omitted.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = process.argv[2] ?? fileURLToPath(new URL("..", import.meta.url));
const read = (file) => readFileSync(join(folder, file), "utf8");
const { name, version, repository, homepage, bugs, author } = JSON.parse(read("package.json"));
const tag = process.env.GITHUB_REF_TYPE === "tag" ? process.env.GITHUB_REF_NAME : `v${version}`;

const checks = [
  {
    isDone: /^git\+https:\/\/\S+\.git$/.test(repository?.url),
    remedy:
      'package.json: set `repository` to `{ "type": "git", "url": "git+https://HOST/OWNER/NAME.git" }`. npm compares it with the repository that publishes, and shows the README\'s links by it.',
  },
  {
    isDone: isAddress(homepage),
    remedy: "package.json: set `homepage` to the https address of the documents' site.",
  },
  {
    isDone: isAddress(bugs?.url),
    remedy: 'package.json: set `bugs` to `{ "url": "https://…" }`, where issues are reported.',
  },
  {
    isDone: Boolean(author?.name ?? author),
    remedy: "package.json: set `author` to who answers for the package.",
  },
  {
    isDone: /https:\/\/\S+\/security\/advisories\/new|[\w.+-]+@[\w-]+\.[\w.-]+/.test(
      read("SECURITY.md"),
    ),
    remedy:
      "SECURITY.md: name the contact, which is a mail address or the https address that ends in `/security/advisories/new`.",
  },
  {
    isDone: new RegExp(`^## ${escape(version)}\\b`, "m").test(read("CHANGELOG.md")),
    remedy: `CHANGELOG.md: write \`## ${version}\` over the changes of this release, in place of \`## Unreleased\`.`,
  },
  {
    isDone: tag === `v${version}`,
    remedy: `The tag is \`${tag}\`, and the version in package.json is ${version}. Make them the same.`,
  },
];

const remedies = checks.filter(({ isDone }) => !isDone).map(({ remedy }) => remedy);
if (remedies.length > 0) console.error(`Before ${name} ${version} can be released:`);
for (const remedy of remedies) console.error(`- ${remedy}`);
if (remedies.length === 0) console.log(`${name} ${version} can be released.`);
process.exitCode = remedies.length === 0 ? 0 : 1;

function isAddress(value) {
  return /^https:\/\/\S+$/.test(value);
}

function escape(text) {
  return text.replaceAll(/[.+]/g, "\\$&");
}
