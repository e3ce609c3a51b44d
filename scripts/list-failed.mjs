// The last lines of `.ci/run`: which tests failed, so that a log whose beginning is cut off shows them.
//
// node scripts/list-failed.mjs FILE…   where each is a report of Vitest in JSON, or is not there.
import { existsSync, readFileSync } from "node:fs";
import { relative } from "node:path";
import { stripVTControlCharacters } from "node:util";

/** A name and at most two messages each: with the heading and the last line, at most 30 lines. */
const maxFailures = 9;
const maxLength = 400;

const failures = new Set(
  process.argv
    .slice(2)
    .filter((file) => existsSync(file))
    .flatMap((file) => JSON.parse(readFileSync(file, "utf8")).testResults)
    .flatMap(failuresOf),
);
if (failures.size > 0) console.log("\nFailed tests:");
for (const failure of [...failures].slice(0, maxFailures)) console.log(failure);
if (failures.size > maxFailures) console.log(`  … and ${failures.size - maxFailures} more`);

function failuresOf({ name, status, message, assertionResults }) {
  const file = relative(process.cwd(), name);
  const failed = assertionResults.filter((test) => test.status === "failed");
  if (failed.length > 0) {
    return failed.map(({ fullName, failureMessages }) =>
      [`${file}: ${fullName}`, ...failureMessages.slice(0, 2).map((each) => `  ${each}`)]
        .map(line)
        .join("\n"),
    );
  }
  // A file that cannot be loaded has no tests.
  return status === "failed" ? [`${line(file)}\n${line(`  ${message}`)}`] : [];
}

/** The first line of a text, without its colours. */
function line(text = "") {
  const [first = ""] = stripVTControlCharacters(text).trimEnd().split("\n");
  return `  ${first.length > maxLength ? `${first.slice(0, maxLength)}…` : first}`;
}
