import { ownerOf } from "./people.js";
import { server } from "./started.js";

/** Who sent a `POST /draft`, by the tokens that the server saw; `undefined` for nobody. */
export const senders = (): unknown[] =>
  server.requests
    .filter(({ method, path }) => method === "POST" && path === "/draft")
    .map(({ token }) => token && ownerOf(token));

/** What became of each attempt to save in the test that runs. */
export let outcomes: unknown[];

/** To be called before each test. */
export function clearOutcomes(): void {
  outcomes = [];
}

/** Adds what becomes of this attempt to the outcomes. */
export function note(saving: Promise<unknown>): void {
  // What the end of a test unmounts is no matter of the next.
  const own = outcomes;
  saving.then(
    () => own.push("saved"),
    (error: unknown) => own.push(error),
  );
}

/** What axios rejects with when the session has ended. */
export const canceled = { code: "ERR_CANCELED", cause: { code: "session_ended" } };
