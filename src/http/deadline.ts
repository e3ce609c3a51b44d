import { AxiosError, CanceledError, type InternalAxiosRequestConfig } from "axios";
import type { Platform } from "../core/platform/platform.js";

/** The `timeout` of a call: one deadline from when it entered the adapter, whatever it waits for. */
export interface Deadline {
  /** axios' own error for it. The app set one deadline, so it names that and not what was left of it. */
  readonly message: string;
  /** What is left for sending; `undefined` if there is no deadline. Throws when it is over. */
  remainingMs(): number | undefined;
  /** Waits for the promise, but rejects at the deadline, or when the app aborts the call. */
  wait<Value>(promise: Promise<Value>): Promise<Value>;
}

export function createDeadline(config: InternalAxiosRequestConfig, platform: Platform): Deadline {
  const { signal, cancelToken } = config;
  // axios takes a text for a number, too.
  const timeout = Number(config.timeout);
  const enteredAt = timeout ? platform.monotonicNow() : 0;
  const leftMs = () => Math.ceil(timeout + enteredAt - platform.monotonicNow());
  const message = config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded`;

  function timedOut(): AxiosError {
    const { ETIMEDOUT, ECONNABORTED } = AxiosError;
    const isClear = config.transitional?.clarifyTimeoutError;
    return new AxiosError(message, isClear ? ETIMEDOUT : ECONNABORTED, config);
  }

  return {
    message,
    remainingMs() {
      if (!timeout) return undefined;
      const remainingMs = leftMs();
      if (remainingMs <= 0) throw timedOut();
      return remainingMs;
    },
    wait: (promise) =>
      new Promise((resolve, reject) => {
        const onAbort = () => reject(new CanceledError(undefined, config));
        const stopTimer = timeout
          ? platform.startTimer(() => reject(timedOut()), leftMs())
          : undefined;
        void cancelToken?.promise.then(reject);
        if (signal?.aborted) onAbort();
        signal?.addEventListener?.("abort", onAbort);
        promise.then(resolve, reject).finally(() => {
          stopTimer?.();
          signal?.removeEventListener?.("abort", onAbort);
        });
      }),
  };
}
