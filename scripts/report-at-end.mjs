/**
 * A reporter for Vitest: lists each test that was skipped, by name and with its reason, and after them the
 * errors that no test has caught, which fail a run and are printed far above its end.
 */
export default class EndReporter {
  onTestRunEnd(modules, errors) {
    const skipped = modules.flatMap((module) => [...module.children.allTests("skipped")]);
    list("Skipped", skipped.map(describeSkipped));
    list(
      "Errors that no test has caught",
      errors.map(({ message }) => String(message).split("\n")[0]),
    );
  }
}

function list(title, lines) {
  if (lines.length > 0) console.log(`\n${title}:\n${lines.map((line) => `  ${line}`).join("\n")}`);
}

function describeSkipped(test) {
  // A whole suite that is skipped has its reason in its title.
  const { note } = test.result();
  const file = test.module.relativeModuleId;
  return `${file}: ${test.fullName}${note ? `: ${note}` : ""}`;
}
