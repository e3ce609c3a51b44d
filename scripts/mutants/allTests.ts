// One worker runs the tests of many files: their names come from the script.
import { describe } from "vitest";

for (const name of JSON.parse(process.env["MUTANTS_TESTS"] ?? "[]") as string[]) {
  describe("of a file", async () => {
    await import(/* @vite-ignore */ `${process.cwd()}/${name}`);
  });
}
