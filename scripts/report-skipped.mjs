/** A reporter for Vitest: lists each test that was skipped, by name and with its reason. */
export default class SkippedReporter {
  onTestRunEnd(modules) {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    if (skipped.length === 0) return;
    console.log("\nSkipped:");
    for (const test of skipped) {
      // A whole suite that is skipped has its reason in its title.
      const { note } = test.result();
      const file = test.module.relativeModuleId;
      console.log(`  ${file}: ${test.fullName}${note ? `: ${note}` : ""}`);
    }
  }
}
