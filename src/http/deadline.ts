import axios, { type AxiosError, type InternalAxiosRequestConfig } from "axios";
import { waitUnless } from "../core/platform/abort.js";
import type { Platform } from "../core/platform/platform.js";

/** The `timeout` of a request: one deadline for all of the call, its waits and both of its sends. */
export interface Deadline {
  /** Calls back with axios' own error when it is reached. Returns its stop. */
  start(onTimeout: (error: AxiosError) => void): () => void;
  /**
   * For the config of a send: what is left, once that is less than the app gave.
   *
   * @throws AxiosError axios' own, if nothing is left.
   */
  left(): Pick<InternalAxiosRequestConfig, "timeout" | "timeoutErrorMessage"> | undefined;
}

/** `undefined` for a request without a `timeout`. It begins now. */
export function createDeadline(
  config: InternalAxiosRequestConfig,
  platform: Platform,
): Deadline | undefined {
  // axios takes a text for a number, too.
  const given = Number(config.timeout);
  if (!given) return undefined;
  const endsAt = platform.monotonicNow() + given;
  const leftMs = () => Math.ceil(endsAt - platform.monotonicNow());
  // The app set one deadline, so the message names that and not what was left of it.
  const timeoutErrorMessage =
    config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded`;

  function timedOut(): AxiosError {
    const code = config.transitional?.clarifyTimeoutError ? "ETIMEDOUT" : "ECONNABORTED";
    return new axios.AxiosError(timeoutErrorMessage, code, config);
  }

  return {
    start: (onTimeout) => platform.startTimer(() => onTimeout(timedOut()), leftMs()),
    left() {
      const timeout = leftMs();
      if (timeout <= 0) throw timedOut();
      return timeout < given ? { timeout, timeoutErrorMessage } : undefined;
    },
  };
}

/** Waits for the promise, but rejects at the deadline, or when the app aborts the request. */
export function waitInTime<Value>(
  promise: Promise<Value>,
  config: InternalAxiosRequestConfig,
  deadline: Deadline | undefined,
): Promise<Value> {
  const { signal, cancelToken } = config;
  // Most requests have nothing that could end their wait, and thousands may be waiting.
  if (!deadline && !signal && !cancelToken) return promise;
  return waitUnless(promise, (reject) => {
    const onAbort = () => reject(new axios.CanceledError(undefined, config));
    const stopTimer = deadline?.start(reject);
    cancelToken?.subscribe(reject);
    if (signal?.aborted) onAbort();
    signal?.addEventListener?.("abort", onAbort);
    return () => {
      stopTimer?.();
      cancelToken?.unsubscribe(reject);
      signal?.removeEventListener?.("abort", onAbort);
    };
  });
}
