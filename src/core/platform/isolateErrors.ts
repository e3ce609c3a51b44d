/** Wraps user code that must not stop ours: its errors are reported, and its result is then `undefined`. */
export function isolateErrors<Arguments extends unknown[], Result>(
  userCode: (...given: Arguments) => Result,
): (...given: Arguments) => Result | undefined {
  return (...given) => {
    try {
      const result = userCode(...given);
      // The same promise, but one that answers `undefined` where it would reject.
      return result instanceof Promise ? (result.catch(report) as Result) : result;
    } catch (error) {
      report(error);
      return undefined;
    }
  };
}

function report(error: unknown): void {
  if (typeof reportError === "function") reportError(error);
  else console.error(error);
}
