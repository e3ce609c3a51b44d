import axios, {
  Axios,
  AxiosError,
  AxiosHeaders,
  CanceledError,
  mergeConfig,
  type AxiosAdapter,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import { authorization } from "../core/authServer/authServer.js";
import type { AuthorizedRequest } from "../core/request/sendAuthorized.js";
import { AuthError } from "../core/vocabulary/errors.js";
import { misuse } from "../core/vocabulary/usageErrors.js";
import { fieldsOf } from "../core/vocabulary/values.js";
import { cancelTokenOf } from "./cancelToken.js";
import type { ClientAuth } from "./clientAuth.js";
import { createMayCarryToken, requestURL } from "./mayCarryToken.js";
import { discardBody, freezeBody, isReplayable } from "./replayableBody.js";

declare module "axios" {
  interface AxiosRequestConfig {
    /** Sends this request as it is: no token, no refresh, no replay. */
    skipAuth?: boolean;
  }
}

const attached = new WeakSet<object>();

/**
 * Makes an axios instance add the token, refresh and replay. Works around the adapter, so that
 * interceptors and transforms run once per call and no config the app can see holds the token.
 *
 * @param baseURL - given to an instance that has none.
 * @returns the way back: the instance as it was.
 * @throws TypeError for the global axios, for an instance that already has an Auth, and for one with
 * another base URL.
 */
export function attachAuth(
  instance: AxiosInstance,
  auth: ClientAuth,
  baseURL: string | undefined,
): () => void {
  const { defaults, interceptors } = instance;
  if (instance === axios) throw misuse("global_axios");
  if (attached.has(instance)) throw misuse("axios_taken");
  const lacksBaseURL = !defaults.baseURL;
  if (baseURL && lacksBaseURL) defaults.baseURL = baseURL;
  if (baseURL && baseURL !== defaults.baseURL) throw misuse("two_base_urls");
  attached.add(instance);
  const mayCarryToken = createMayCarryToken(auth.origins, auth.platform);
  const madeBy = keyOfMaker();

  function authorize(config: MadeConfig): InternalAxiosRequestConfig {
    const { adapter, [madeBy]: maker = auth.caller } = config;
    // Wrapped per request, so that an adapter given with the request is wrapped too.
    config.adapter = (final) => {
      if (adapter) final.adapter = adapter;
      else delete final.adapter;
      const send = axios.getAdapter(adapter || axios.defaults.adapter, final);
      const bringsItsOwn = final.skipAuth || final.auth || final.headers.has(auth.header);
      if (
        bringsItsOwn ||
        auth.isAuthCall(final.method, String(final.url), () => requestURL(final)) ||
        !mayCarryToken(final)
      ) {
        return send(final);
      }
      return auth.send(createExchange(final, send, auth, maker())).catch((error: unknown) => {
        throw error instanceof AuthError ? toAxiosError(error, final) : error;
      });
    };
    return config;
  }

  const id = interceptors.request.use(authorize, undefined, {
    synchronous: true,
    // Asked in the very call of the app. Its interceptors may take their time after that, and another
    // user sign in meanwhile.
    runWhen(config: MadeConfig) {
      const caller = auth.caller();
      config[madeBy] ??= () => caller;
      return true;
    },
  });
  return () => {
    attached.delete(instance);
    interceptors.request.eject(id);
    if (lacksBaseURL && defaults.baseURL === baseURL) delete defaults.baseURL;
  };
}

type MadeConfig = InternalAxiosRequestConfig & { madeBy?: () => number };

/**
 * Under which key a config keeps who made the request, for good: the app may send it again, after a
 * back-off in which another user signed in. A symbol, which is in no listing and in no JSON. Older
 * versions of axios copy only names: there it is one. The value is a function, which no JSON keeps
 * for another page, where the number is somebody else's.
 */
function keyOfMaker(): "madeBy" {
  // Either is the key of that field; the compiler is told of the name.
  const symbol = Symbol("madeBy") as unknown as "madeBy";
  const probe: object = { [symbol]: true };
  return symbol in mergeConfig({}, probe) ? symbol : "madeBy";
}

/** One call of the app: its config, sent once or twice. */
function createExchange(
  config: InternalAxiosRequestConfig,
  adapter: AxiosAdapter,
  { origins, platform, header, scheme }: ClientAuth,
  madeBy: number,
): AuthorizedRequest<AxiosResponse> {
  const { signal, cancelToken } = config;
  // axios takes a text for a number, too.
  const timeout = Number(config.timeout);
  const data = freezeBody(config.data);
  const enteredAt = timeout ? platform.monotonicNow() : 0;
  const remainingMs = () => Math.ceil(timeout + enteredAt - platform.monotonicNow());
  // The app set one deadline, so the message names that and not what was left of it.
  const timeoutErrorMessage =
    config.timeoutErrorMessage ?? `timeout of ${config.timeout}ms exceeded`;
  /** Why axios rejects the latest answer, if it does. */
  let rejection: AxiosError | undefined;

  function timedOut(): AxiosError {
    const code = config.transitional?.clarifyTimeoutError ? "ETIMEDOUT" : "ECONNABORTED";
    return new AxiosError(timeoutErrorMessage, code, config);
  }

  return {
    madeBy,

    isReplayable: isReplayable(data),

    describe() {
      const { origin = "", pathname = "" } = origins.resolve(requestURL(config)) ?? {};
      return { method: (config.method ?? "get").toUpperCase(), origin, path: pathname };
    },

    wait: (promise) =>
      new Promise((resolve, reject) => {
        const onAbort = () => reject(new CanceledError(undefined, config));
        const stopTimer = timeout
          ? platform.startTimer(() => reject(timedOut()), remainingMs())
          : undefined;
        cancelToken?.subscribe(reject);
        if (signal?.aborted) onAbort();
        signal?.addEventListener?.("abort", onAbort);
        promise.then(resolve, reject).finally(() => {
          stopTimer?.();
          cancelToken?.unsubscribe(reject);
          signal?.removeEventListener?.("abort", onAbort);
        });
      }),

    async send(pass) {
      // The same class with the same own fields: `new AxiosHeaders(headers)` would parse each anew.
      const headers = Object.assign(new AxiosHeaders(), config.headers);
      const copy = copyOf(config);
      copy.headers = headers;
      copy.data = data;
      if (pass) {
        headers[header] = authorization(scheme, pass.token);
        copy.cancelToken = cancelTokenOf(pass.generation, cancelToken);
      }
      if (timeout) {
        const leftMs = remainingMs();
        if (leftMs <= 0) throw timedOut();
        if (leftMs < timeout) Object.assign(copy, { timeout: leftMs, timeoutErrorMessage });
      }
      rejection = undefined;
      let response: AxiosResponse;
      try {
        response = await adapter(copy);
      } catch (error) {
        // By its mark: an adapter may come with an axios of its own.
        if (!axios.isAxiosError(error)) throw error;
        conceal(error, config);
        if (!error.response) throw error;
        rejection = error;
        ({ response } = error);
      }
      // Nothing the caller receives shows what was added.
      response.config = config;
      response.request &&= withoutHeaders(response.request);
      return response;
    },

    question: (response) => ({
      status: response.status,
      // An adapter of the app's may answer with plain headers or none; the types allow more.
      headers: new Headers((response.headers ?? {}) as Record<string, string>),
      // The app's serialiser is called for those who want to know.
      get url() {
        return new Axios({}).getUri(config);
      },
      // The body before any transform: text, bytes, or a Blob.
      json: async () =>
        isReplayable(response.data) ? new Response(response.data as BodyInit).json() : undefined,
    }),

    discard: (response) => discardBody(response.data),

    conclude(response, error) {
      if (!rejection) return response;
      throw error ? withCause(rejection, error) : rejection;
    },
  };
}

/** Takes from an error what was added to the config; also from that in it, where axios wraps its own. */
function conceal(error: AxiosError, config: InternalAxiosRequestConfig): void {
  // One that a cancel token brings has none, and all its requests have the one.
  error.config &&= config;
  error.request &&= withoutHeaders(error.request);
  if (axios.isAxiosError(error.cause)) conceal(error.cause, config);
}

/** As `{ ...config }`, at a quarter of its cost: axios' configs are slow to spread. */
function copyOf(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(config)) copy[name] = Reflect.get(config, name);
  // Field by field the same.
  return copy as unknown as InternalAxiosRequestConfig;
}

/**
 * What an adapter sent, without what it sent: an `XMLHttpRequest` shows no request header, but
 * Node's request and a fetch `Request` do.
 */
function withoutHeaders(request: unknown): unknown {
  if (typeof XMLHttpRequest !== "undefined" && request instanceof XMLHttpRequest) return request;
  const { res, url, responseURL = url, method, path } = fieldsOf(request);
  const { responseUrl = responseURL } = fieldsOf(res);
  return { responseURL: responseUrl, res: { responseUrl }, url, method, path };
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
