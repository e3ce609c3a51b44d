/** A set of listeners: user code, so each may throw without harm to the others or to us. */
export interface Listeners<Argument> {
  add(listener: (argument: Argument) => unknown): () => void;
  call(argument: Argument): void;
  /** Calls later those who listen now. */
  prepare(argument: Argument): () => void;
  size(): number;
  clear(): void;
}

export function createListeners<Argument>(): Listeners<Argument> {
  const entries = new Set<(argument: Argument) => unknown>();
  const prepare = (argument: Argument) => {
    const present = [...entries];
    return () => present.forEach((entry) => entry(argument));
  };
  return {
    add(listener) {
      // Wrapped anew, so that the same function added twice is two subscriptions.
      const entry = guarded(listener);
      entries.add(entry);
      return () => entries.delete(entry);
    },
    call: (argument) => prepare(argument)(),
    prepare,
    size: () => entries.size,
    clear: () => entries.clear(),
  };
}

/** User code that must not stop ours: what it throws is reported, and `undefined` its answer. */
export function guarded<Arguments extends unknown[], Result>(
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
