import { CanceledError, type CancelToken } from "axios";
import type { Generation } from "../core/session.js";

/** Axios' listeners take a missing reason for a plain cancel. */
type CancelListener = (reason?: undefined) => void;

/** What axios' adapters use of a cancel token, beyond what its types have always shown. */
interface Cancellation extends Pick<CancelToken, "promise" | "throwIfRequested"> {
  subscribe(listener: CancelListener): void;
  unsubscribe(listener: CancelListener): void;
  toAbortSignal(): AbortSignal;
}

const shared = new WeakMap<Generation, Cancellation>();

/**
 * A cancel token that cancels when the session ends by logout or switch, and when the app's own
 * token does. One serves all requests of a session: an `AbortController` for each would cost more
 * than the rest of what is added to a request.
 */
export function cancelTokenOf(generation: Generation, appToken?: CancelToken): Cancellation {
  let token = shared.get(generation);
  if (!token) {
    token = cancellation({
      promise: new Promise(() => {}),
      throwIfRequested() {
        if (generation.endedBy && generation.endedBy !== "refused") throw new CanceledError();
      },
      subscribe: (listener) => generation.ongoing.add(listener),
      unsubscribe: (listener) => generation.ongoing.delete(listener),
    });
    shared.set(generation, token);
  }
  return appToken ? both(token, appToken) : token;
}

function both(own: Cancellation, appToken: CancelToken): Cancellation {
  // Every cancel token that axios makes has these; its types leave them out.
  const app = appToken as Cancellation;
  return cancellation({
    promise: app.promise,
    throwIfRequested() {
      own.throwIfRequested();
      app.throwIfRequested();
    },
    subscribe(listener) {
      own.subscribe(listener);
      app.subscribe(listener);
    },
    unsubscribe(listener) {
      own.unsubscribe(listener);
      app.unsubscribe(listener);
    },
  });
}

function cancellation(token: Omit<Cancellation, "toAbortSignal">): Cancellation {
  return {
    ...token,
    // For axios' fetch adapter, which stops listening through the signal's `unsubscribe`.
    toAbortSignal() {
      const controller = new AbortController();
      const abort = () => controller.abort();
      token.subscribe(abort);
      return Object.assign(controller.signal, { unsubscribe: () => token.unsubscribe(abort) });
    },
  };
}
