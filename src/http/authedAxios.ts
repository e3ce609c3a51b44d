import axios, {
  AxiosError,
  AxiosHeaders,
  CanceledError,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosRequestHeaders,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import type { AuthorizedRequest, AuthorizedSend, RefreshQuestion } from "../core/authorizedSend.js";
import { AuthError } from "../core/errors.js";
import type { OriginGate } from "../core/origins.js";
import type { Platform } from "../core/platform.js";
import type { Pass } from "../core/session.js";
import { cancelTokenOf } from "./cancelToken.js";
import { createMayCarryToken, requestURL, type MayCarryToken } from "./mayCarryToken.js";
import { discardBody, freezeBody, isReplayable } from "./replayableBody.js";

declare module "axios" {
  interface AxiosRequestConfig {
    /** Sends this request as it is: no token, no refresh, no replay. */
    skipAuth?: boolean;
  }
}

/** What the adapter needs from the core. */
export interface AxiosAuth {
  send: AuthorizedSend;
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
  if (instance === axios) {
    throw new TypeError(
      "createAuth: `axios` is the global axios, which every other part of the page uses too. Pass `axios.create()`.",
    );
  }
  if (attached.has(instance)) {
    throw new TypeError(
      "createAuth: this axios instance already belongs to an Auth. Give each its own, or dispose() the first.",
    );
  }
  attached.add(instance);
  const mayCarryToken = createMayCarryToken(auth.origins, auth.platform);
  const id = instance.interceptors.request.use(
    (config) => {
      const { adapter } = config;
      // Wrapped per request: so an adapter given with the request is wrapped too.
      config.adapter = (final) => {
        if (adapter === undefined) delete final.adapter;
        else final.adapter = adapter;
        return dispatch(final, axios.getAdapter(adapter, final), auth, mayCarryToken);
      };
      return config;
    },
    undefined,
    { synchronous: true },
  );
  return () => {
    attached.delete(instance);
    instance.interceptors.request.eject(id);
  };
}

async function dispatch(
  config: InternalAxiosRequestConfig,
  adapter: AxiosAdapter,
  auth: AxiosAuth,
  mayCarryToken: MayCarryToken,
): Promise<AxiosResponse> {
  const bringsItsOwn = config.skipAuth || config.auth || config.headers.has(auth.header);
  if (bringsItsOwn || !mayCarryToken(config)) return adapter(config);
  const exchange = new AxiosExchange(config, adapter, auth);
  try {
    return await auth.send(exchange);
  } catch (error) {
    throw error instanceof AuthError ? toAxiosError(error, config) : error;
  }
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
  #body: ReturnType<typeof freezeBody> | undefined;

  constructor(config: InternalAxiosRequestConfig, adapter: AxiosAdapter, auth: AxiosAuth) {
    this.#config = config;
    this.#adapter = adapter;
    this.#auth = auth;
    this.#enteredAt = config.timeout ? auth.platform.monotonicNow() : 0;
    this.isReplayable = isReplayable(config.data);
  }

  get method(): string {
    return (this.#config.method ?? "get").toUpperCase();
  }

  path(): string {
    return this.#auth.origins.resolve(requestURL(this.#config))?.pathname ?? "";
  }

  wait<Value>(promise: Promise<Value>): Promise<Value> {
    const { signal, cancelToken, timeout } = this.#config;
    if (!signal && !cancelToken && !timeout) return promise;
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
    const copy: InternalAxiosRequestConfig = {
      ...config,
      headers: cloneHeaders(config.headers),
    };
    if (pass) {
      const { header, scheme, platform } = this.#auth;
      copy.headers[header] = scheme ? `${scheme} ${pass.token}` : pass.token;
      copy.cancelToken = cancelTokenOf(pass.generation, config.cancelToken);
      this.#body ??= freezeBody(config.data, platform.random);
      copy.data = this.#body.data;
      if (this.#body.contentType) copy.headers.setContentType(this.#body.contentType);
    }
    if (config.timeout) {
      copy.timeout = this.#remainingMs();
      if (copy.timeout <= 0) throw this.#timedOut();
      // The app set one deadline, so the message names that and not what was left of it.
      copy.timeoutErrorMessage ??= `timeout of ${config.timeout}ms exceeded`;
    }
    this.#rejection = undefined;
    try {
      return this.#clean(await this.#adapter(copy));
    } catch (error) {
      if (error instanceof AxiosError) {
        error.config = config;
        if (error.request) error.request = withoutHeaders(error.request);
        if (error.response) {
          this.#rejection = error;
          return this.#clean(error.response);
        }
      }
      throw error;
    }
  }

  status(response: AxiosResponse): number {
    return response.status;
  }

  header(response: AxiosResponse, name: string): string | null {
    const value: unknown = headersOf(response).get(name);
    return value === undefined || value === null ? null : String(value);
  }

  describe(response: AxiosResponse): RefreshQuestion {
    const headers = new Headers();
    for (const [name, value] of headersOf(response)) {
      headers.set(name, String(value));
    }
    return {
      status: response.status,
      headers,
      url: requestURL(this.#config),
      json: async () => readJSON(response.data),
    };
  }

  discard(response: AxiosResponse): void {
    discardBody(response.data);
  }

  conclude(response: AxiosResponse, error?: AuthError): AxiosResponse {
    if (!this.#rejection) return response;
    if (error) setCause(this.#rejection, error);
    throw this.#rejection;
  }

  /** Nothing the caller receives shows what was added. */
  #clean(response: AxiosResponse): AxiosResponse {
    response.config = this.#config;
    if (response.request) response.request = withoutHeaders(response.request);
    return response;
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

/** An adapter of the app's may answer with plain headers. */
function headersOf(response: AxiosResponse): AxiosHeaders {
  // The types allow header values that no answer has.
  return AxiosHeaders.from(response.headers as Record<string, string>);
}

function cloneHeaders(headers: AxiosRequestHeaders): AxiosRequestHeaders {
  // The same class with the same own fields: `new AxiosHeaders(headers)` would parse each anew.
  return Object.assign(new AxiosHeaders(), headers);
}

/** The body before `transformResponse` has seen it: text, bytes, or what an adapter has parsed. */
async function readJSON(data: unknown): Promise<unknown> {
  if (data instanceof ArrayBuffer || ArrayBuffer.isView(data)) {
    return JSON.parse(new TextDecoder().decode(data));
  }
  if (data instanceof Blob) return JSON.parse(await data.text());
  return typeof data === "string" ? JSON.parse(data) : data;
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
  const rejection =
    error.code === "session_ended"
      ? new CanceledError(error.message, config)
      : new AxiosError(error.message, error.code, config);
  setCause(rejection, error);
  return rejection;
}

/** As axios sets it: not enumerable, as the `cause` of any Error. */
function setCause(rejection: AxiosError, cause: AuthError): void {
  Object.defineProperty(rejection, "cause", { value: cause, writable: true, configurable: true });
}
