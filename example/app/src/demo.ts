/** What the server offers if it is there for a demonstration. */
export interface Demo {
  /** How long a mishap on purpose goes on. */
  mishapSeconds: number;
  guests: { name: string; role: string; email: string; password: string }[];
}

let answer: Promise<Demo | undefined> | undefined;

/** Asked once. `undefined` if the park is a real one. */
export function demo(): Promise<Demo | undefined> {
  answer ??= fetch("/api/demo").then(
    // The server's `demo.ts` says what is in it.
    (response) => (response.ok ? (response.json() as Promise<Demo>) : undefined),
    () => undefined,
  );
  return answer;
}
