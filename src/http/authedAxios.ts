import axios, {
  AxiosError,
  AxiosHeaders,
  CanceledError,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import { authorization } from "../core/authServer.js";
import type { AuthorizedRequest, AuthorizedSend, RefreshQuestion } from "../core/authorizedSend.js";
import { AuthError } from "../core/errors.js";
import type { OriginGate } from "../core/origins.js";
import type { Platform } from "../core/platform.js";
import type { Pass } from "../core/session.js";
import { cancelTokenOf } from "./cancelToken.js";
import { createMayCarryToken, requestURL } from "./mayCarryToken.js";
import { discardBody, freezeBody, isReplayable } from "./replayableBody.js";

declare module "axios" {
  interface AxiosRequestConfig {
    /** Sends this request as it is: no token, no refresh, no replay. */
    skipAuth?: boolean;
  }
}

/** What the adapter needs from the core. */
export interface AxiosAuth extends Pick<AuthorizedSend, "send"> {
  origins: OriginGate;
  platform: Platform;
  header: string;
  scheme: string;
}

const attached = new WeakSet<object>();

/**
 * Makes an axios instance add the token, refresh and replay. Works around the adapter, so that
 * interceptors and transforms run once per call and no config the app can see holds the token.
 *
 * @returns the way back: the instance as it was.
 * @throws TypeError for the global axios and for an instance that already has an Auth.
 */
export function attachAuth(instance: AxiosInstance, auth: AxiosAuth): () => void {
  if (instance === axios || attached.has(instance)) {
    throw new TypeError(
      instance === axios
        ? "createAuth: `axios` is the global one, which the whole page uses. Pass axios.create()."
        : "createAuth: this `axios` already has an Auth. Give each its own, or dispose() the first.",
    );
  }
  attached.add(instance);
  const mayCarryToken = createMayCarryToken(auth.origins, auth.platform);

  function authorize(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
    const { adapter } = config;
    // Wrapped per request, so that an adapter given with the request is wrapped too.
    config.adapter = (final) => {
      if (adapter) final.adapter = adapter;
      else delete final.adapter;
      const send = axios.getAdapter(adapter ?? axios.defaults.adapter, final);
      const bringsItsOwn = final.skipAuth || final.auth || final.headers.has(auth.header);
      if (bringsItsOwn || !mayCarryToken(final)) return send(final);
      return auth.send(new AxiosExchange(final, send, auth)).catch((error: unknown) => {
        throw error instanceof AuthError ? toAxiosError(error, final) : error;
      });
    };
    return config;
  }

  const id = instance.interceptors.request.use(authorize, undefined, { synchronous: true });
  return () => {
    attached.delete(instance);
    instance.interceptors.request.eject(id);
  };
}

/** One call of the app: its config, sent once or twice. */
class AxiosExchange implements AuthorizedRequest<AxiosResponse> {
  readonly isReplayable: boolean;
  readonly #config: InternalAxiosRequestConfig;
  readonly #adapter: AxiosAdapter;
  readonly #auth: AxiosAuth;
  readonly #enteredAt: number;
  /** Why axios rejects the latest answer, if it does. */
  #rejection: AxiosError | undefined;
  #body: ReturnType<typeof freezeBody>;

  constructor(config: InternalAxiosRequestConfig, adapter: AxiosAdapter, auth: AxiosAuth) {
    this.#config = config;
    this.#adapter = adapter;
    this.#auth = auth;
    this.#enteredAt = config.timeout ? auth.platform.monotonicNow() : 0;
    this.#body = freezeBody(config.data, auth.platform.random);
    this.isReplayable = isReplayable(config.data);
  }

  describe(): { method: string; path: string } {
    const { method = "get" } = this.#config;
    const url = this.#auth.origins.resolve(requestURL(this.#config));
    return { method: method.toUpperCase(), path: url?.pathname ?? "" };
  }

  wait<Value>(promise: Promise<Value>): Promise<Value> {
    const { signal, cancelToken, timeout } = this.#config;
    return new Promise((resolve, reject) => {
      const onAbort = () => reject(new CanceledError(undefined, this.#config));
      const stopTimer = timeout
        ? this.#auth.platform.startTimer(() => reject(this.#timedOut()), this.#remainingMs())
        : undefined;
      void cancelToken?.promise.then(reject);
      if (signal?.aborted) onAbort();
      signal?.addEventListener?.("abort", onAbort);
      promise.then(resolve, reject).finally(() => {
        stopTimer?.();
        signal?.removeEventListener?.("abort", onAbort);
      });
    });
  }

  async send(pass: Pass | null): Promise<AxiosResponse> {
    const config = this.#config;
    const { data, contentType } = this.#body;
    // The same class with the same own fields: `new AxiosHeaders(headers)` would parse each anew.
    const headers = Object.assign(new AxiosHeaders(), config.headers);
    const copy: InternalAxiosRequestConfig = { ...config, headers, data };
    if (contentType) headers.setContentType(contentType);
    if (pass) {
      const { header, scheme } = this.#auth;
      headers[header] = authorization(scheme, pass.token);
      copy.cancelToken = cancelTokenOf(pass.generation, config.cancelToken);
    }
    if (config.timeout) {
      copy.timeout = this.#remainingMs();
      if (copy.timeout <= 0) throw this.#timedOut();
      // The app set one deadline, so the message names that and not what was left of it.
      copy.timeoutErrorMessage ??= `timeout of ${config.timeout}ms exceeded`;
    }
    this.#rejection = undefined;
    let response: AxiosResponse;
    try {
      response = await this.#adapter(copy);
    } catch (error) {
      if (!(error instanceof AxiosError)) throw error;
      error.config = config;
      error.request &&= withoutHeaders(error.request);
      if (!error.response) throw error;
      this.#rejection = error;
      ({ response } = error);
    }
    // Nothing the caller receives shows what was added.
    response.config = config;
    response.request &&= withoutHeaders(response.request);
    return response;
  }

  status(response: AxiosResponse): number {
    return response.status;
  }

  question({ status, headers, data }: AxiosResponse): RefreshQuestion {
    return {
      status,
      // An adapter of the app's may answer with plain headers; axios' types allow more than there is.
      headers: new Headers(Object.entries(headers as Record<string, string>)),
      url: requestURL(this.#config),
      json: () => new Response(data as BodyInit).json(),
    };
  }

  discard(response: AxiosResponse): void {
    discardBody(response.data);
  }

  conclude(response: AxiosResponse, error?: AuthError): AxiosResponse {
    if (!this.#rejection) return response;
    throw error ? withCause(this.#rejection, error) : this.#rejection;
  }

  #remainingMs(): number {
    const { timeout = 0 } = this.#config;
    return Math.ceil(timeout - (this.#auth.platform.monotonicNow() - this.#enteredAt));
  }

  #timedOut(): AxiosError {
    const { timeout, timeoutErrorMessage, transitional } = this.#config;
    return new AxiosError(
      timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded`,
      transitional?.clarifyTimeoutError ? AxiosError.ETIMEDOUT : AxiosError.ECONNABORTED,
      this.#config,
    );
  }
}

/**
 * What an adapter sent, without what it sent: an `XMLHttpRequest` shows no request header, but
 * Node's request and a fetch `Request` do.
 */
function withoutHeaders(request: unknown): unknown {
  if (typeof XMLHttpRequest !== "undefined" && request instanceof XMLHttpRequest) return request;
  const { res, url } = request as { res?: { responseUrl?: unknown }; url?: unknown };
  return { responseURL: res?.responseUrl ?? url };
}

function toAxiosError(error: AuthError, config: InternalAxiosRequestConfig): AxiosError {
  return withCause(
    error.code === "session_ended"
      ? new CanceledError(error.message, config)
      : new AxiosError(error.message, error.code, config),
    error,
  );
}

/** Not enumerable, as the `cause` of any Error. */
function withCause(rejection: AxiosError, value: AuthError): AxiosError {
  return Object.defineProperty(rejection, "cause", { value, writable: true, configurable: true });
}
