/**
 * Runs one call to the auth server after the other, so that the cookie jar ends as the last of
 * them meant. Each call is bounded in time, so the queue always moves.
 */
export type InOrder = <Result>(call: () => Promise<Result>) => Promise<Result>;

export function createOrder(): InOrder {
  let last: Promise<unknown> = Promise.resolve();
  return function inOrder(call) {
    const turn = last.then(call);
    last = turn.catch(() => {});
    return turn;
  };
}
