import { AxiosError, CanceledError, type InternalAxiosRequestConfig } from "axios";
import { waitUnless } from "../core/platform/abort.js";
import type { Platform } from "../core/platform/platform.js";

/** The `timeout` of a call: one deadline from when it entered the adapter, whatever it waits for. */
export interface Deadline {
  /** The fields that a sent config needs because time has passed. Throws when the deadline is over. */
  left(): Pick<InternalAxiosRequestConfig, "timeout" | "timeoutErrorMessage">;
  /** Waits for the promise, but rejects at the deadline, or when the app aborts the call. */
  wait<Value>(promise: Promise<Value>): Promise<Value>;
}

export function createDeadline(config: InternalAxiosRequestConfig, platform: Platform): Deadline {
  const { signal, cancelToken } = config;
  // axios takes a text for a number, too.
  const timeout = Number(config.timeout);
  const enteredAt = timeout ? platform.monotonicNow() : 0;
  const leftMs = () => Math.ceil(timeout + enteredAt - platform.monotonicNow());
  // The app set one deadline, so the message names that and not what was left of it.
  const timeoutErrorMessage =
    config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded`;

  function timedOut(): AxiosError {
    const code = config.transitional?.clarifyTimeoutError ? "ETIMEDOUT" : "ECONNABORTED";
    return new AxiosError(timeoutErrorMessage, code, config);
  }

  return {
    left() {
      const remainingMs = timeout && leftMs();
      if (timeout && remainingMs <= 0) throw timedOut();
      return remainingMs < timeout ? { timeout: remainingMs, timeoutErrorMessage } : {};
    },
    wait: (promise) =>
      waitUnless(promise, (reject) => {
        const onAbort = () => reject(new CanceledError(undefined, config));
        const stopTimer = timeout
          ? platform.startTimer(() => reject(timedOut()), leftMs())
          : undefined;
        cancelToken?.subscribe(reject);
        if (signal?.aborted) onAbort();
        signal?.addEventListener?.("abort", onAbort);
        return () => {
          stopTimer?.();
          cancelToken?.unsubscribe(reject);
          signal?.removeEventListener?.("abort", onAbort);
        };
      }),
  };
}
