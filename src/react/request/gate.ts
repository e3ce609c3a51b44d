import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from "axios";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { untilAborted } from "../../core/platform/abort.js";
import { AuthError } from "../../core/vocabulary/errors.js";
import { misuse } from "../../core/vocabulary/usageErrors.js";
import { fieldsOf } from "../../core/vocabulary/values.js";
import { FinalError, mayPass } from "../recovery/retryUnlessFinal.js";
import { nameOf } from "./parseBody.js";
import type { AuthedRequest } from "./authedRequest.js";

/**
 * The gate that `enabled` cannot be: a refetch() by hand, a loader and a mutation pass it too. Waits
 * while the session is loading. A retry after a failed refresh waits until the next one may be tried,
 * or another has succeeded: a `retryDelay` could not be told of that.
 *
 * @param failure - why the last try failed, if this is a retry.
 * @throws {@link AuthError} `signed_out`.
 */
export async function assertSignedIn(
  auth: Auth,
  signal?: AbortSignal,
  failure?: unknown,
): Promise<void> {
  if (mayPass(failure)) await untilAborted(internalsOf(auth).backoffOver(), signal);
  const { isAuthenticated } = await auth.ready(signal && { signal });
  if (!isAuthenticated) throw new AuthError("signed_out");
}

const gates = new WeakSet<object>();

/** Marks a function that waits for the session by itself: options made by us may be given to us. */
export function gated<Fn extends object>(fn: Fn): Fn {
  gates.add(fn);
  return fn;
}

/** Tells whether a function waits for the session by itself. */
export function isGated(fn: unknown): boolean {
  return gates.has(Object(fn));
}

/** @throws FinalError unless there is either a function of the user or what belongs to a `request`. */
export function assertOneSource(fn: unknown, ofRequest: unknown, key: unknown): void {
  const isOne = Boolean(fn) !== (ofRequest !== undefined);
  if (!isOne) throw new FinalError(misuse("one_source", nameOf(key)).message);
}

/**
 * Sends a request and gives the body of its response. An interceptor of the app's may make something
 * else of a response, the body alone say: then that is what is given.
 */
export async function bodyOf(
  api: AxiosInstance,
  request: AuthedRequest | undefined,
  defaults: AxiosRequestConfig,
): Promise<unknown> {
  const config = typeof request === "string" ? { url: request } : request;
  const answer: unknown = await api.request({ ...defaults, ...config });
  return isResponse(answer) ? answer.data : answer;
}

/** A response has the config of its request, and that has methods: no body from a server has any. */
function isResponse(answer: unknown): answer is AxiosResponse<unknown> {
  const { headers } = fieldsOf(fieldsOf(answer)["config"]);
  return typeof fieldsOf(headers)["toJSON"] === "function";
}
