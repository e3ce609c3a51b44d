/** What the promise rejects with; rejects itself if it resolves. */
export function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`Resolved with ${JSON.stringify(value)}, where a rejection was expected.`);
    },
    (error: unknown) => error,
  );
}
