/** A reporter for Vitest: lists each test that was skipped, by name and with its reason. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    if (skipped.length === 0) return;
    console.log("\nSkipped:");
    for (const test of skipped) {
      const reason = test.result().note ?? "no reason is given";
      console.log(`  ${test.project.name}: ${test.fullName}: ${reason}`);
    }
  }
}
