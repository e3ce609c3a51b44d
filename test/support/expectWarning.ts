import { format } from "node:util";
import { afterAll, afterEach, expect, onTestFinished, vi } from "vitest";

/** What the console was told since the last test ended. */
let printed: string[] = [];
let expected: RegExp[] = [];

/**
 * Says that the running test brings about this warning or error on the console. The test fails if it
 * does not come, and every test fails if one comes that it did not expect.
 */
export function expectWarning(text: RegExp): void {
  expected.push(text);
}

/**
 * Says that components of the running test throw as they render. React tells the console of it, and
 * React 18 the window too, where jsdom prints it.
 */
export function ignoreRenderErrors(): void {
  const ignore = (event: Event) => event.preventDefault();
  addEventListener("error", ignore);
  const spy = vi.spyOn(console, "error").mockImplementation(() => {});
  onTestFinished(() => {
    removeEventListener("error", ignore);
    spy.mockRestore();
  });
}

/** Makes each test of a file fail that prints a warning which it does not expect. */
export function refuseWarnings(): void {
  console.warn = note;
  console.error = note;
  process.off("warning", noteOfNode);
  process.on("warning", noteOfNode);
  afterEach(judge);
  // What a file prints after its last test is its own fault, and no other file's.
  afterAll(judge);

  function judge(): void {
    const [texts, patterns] = [printed, expected];
    [printed, expected] = [[], []];
    const surprises = texts.filter((text) => !patterns.some((pattern) => pattern.test(text)));
    expect(surprises, "warnings that the test did not expect").toEqual([]);
    const missing = patterns.filter((pattern) => !texts.some((text) => pattern.test(text)));
    expect(missing, "warnings that did not come").toEqual([]);
  }
}

function note(...given: unknown[]): void {
  printed.push(format(...given));
}

function noteOfNode(warning: Error): void {
  printed.push(String(warning));
}
