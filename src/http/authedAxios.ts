import axios, {
  type AxiosAdapter,
  type AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from "axios";
import { authorization } from "../core/token/accessToken.js";
import type { AuthorizedRequest } from "../core/request/authorizedRequest.js";
import type { RefreshOnAnswer } from "../core/request/refreshOn.js";
import type { PlainURL } from "../core/dev/requests/watchRequests.js";
import { AuthError } from "../core/vocabulary/errors.js";
import { misuse } from "../core/vocabulary/usageErrors.js";
import { cancelTokenOf } from "./cancelToken.js";
import type { ClientAuth } from "./clientAuth.js";
import { concealToken, withoutHeaders } from "./concealToken.js";
import { createDeadline, waitInTime } from "./deadline.js";
import { keyOfMaker, type MadeConfig } from "./keyOfMaker.js";
import { discardBody, freezeBody, isReplayable } from "./requestBody.js";
import { requestURL } from "./requestURL.js";

declare module "axios" {
  interface AxiosRequestConfig {
    /** Sends this request as it is: no token, no refresh, no replay. */
    skipAuth?: boolean;
  }
}

/** Which Auth an axios instance has. */
const attached = new WeakMap<object, ClientAuth>();

/** An axios instance with the token. */
export interface AuthedAxios {
  readonly api: AxiosInstance;
  /** Gives the app's instance back as it was. */
  detach(): void;
}

/**
 * Makes an axios instance add the token, refresh and replay. Works around the adapter, so that
 * interceptors and transforms run once per call and no config the app can see holds the token.
 *
 * @param given - the app's instance; one of our own if `undefined`.
 * @param baseURL - given to the app's instance if it has none.
 * @throws TypeError for the global axios, for an instance that already has an Auth, and for one with
 * another base URL.
 */
export function createAuthedAxios(
  auth: ClientAuth,
  given: AxiosInstance | undefined,
  baseURL: string | undefined,
): AuthedAxios {
  const api = given ?? axios.create({ baseURL: auth.origins.baseURL });
  const { defaults, interceptors } = api;
  if (api === axios) throw misuse("global_axios");
  if (attached.has(api)) throw misuse("axios_taken");
  const lacksBaseURL = !defaults.baseURL;
  if (baseURL && lacksBaseURL) defaults.baseURL = baseURL;
  if (baseURL && baseURL !== defaults.baseURL) throw misuse("two_base_urls");
  attached.set(api, auth);
  const madeBy = keyOfMaker();

  function authorize(config: MadeConfig): InternalAxiosRequestConfig {
    const { adapter, [madeBy]: maker = auth.session.callerKey } = config;
    // Wrapped per request, so that an adapter given with the request is wrapped too.
    config.adapter = (final) => {
      if (adapter) final.adapter = adapter;
      else delete final.adapter;
      const send = axios.getAdapter(adapter || axios.defaults.adapter, final);
      const bringsItsOwn = final.auth || final.headers.has(auth.options.header);
      if (
        final.skipAuth ||
        auth.isAuthCall(final.method, String(final.url), () => requestURL(final))
      ) {
        return send(final);
      }
      if (bringsItsOwn || !auth.origins.allows(requestURL(final))) {
        const answer = send(final);
        if (process.env.NODE_ENV !== "production") {
          auth.sentPlain?.(plainURL(final, api, Boolean(bringsItsOwn)), answer);
        }
        return answer;
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
      const caller = auth.session.callerKey();
      config[madeBy] ??= () => caller;
      return true;
    },
  });
  return {
    api,
    detach() {
      // Under Fast Refresh it has another Auth by the time this one is disposed of.
      if (attached.get(api) !== auth) return;
      attached.delete(api);
      interceptors.request.eject(id);
      if (lacksBaseURL && defaults.baseURL === baseURL) delete defaults.baseURL;
    },
  };
}

/** For development: what is sent without the session. */
function plainURL(
  config: InternalAxiosRequestConfig,
  { defaults }: AxiosInstance,
  bringsItsOwn: boolean,
): PlainURL {
  const { method = "get", baseURL, url = "" } = config;
  const isBehindDefault = baseURL === defaults.baseURL && !/^([a-z][a-z\d+\-.]*:)?\/\//i.test(url);
  return {
    method,
    url: requestURL(config),
    bringsItsOwn,
    defaultBaseURL: isBehindDefault ? baseURL : undefined,
  };
}

/** One call of the app: its config, sent once or twice. */
function createExchange(
  config: InternalAxiosRequestConfig,
  adapter: AxiosAdapter,
  { origins, platform, options }: ClientAuth,
  madeBy: number,
): AuthorizedRequest<AxiosResponse> {
  const data = freezeBody(config.data);
  const deadline = createDeadline(config, platform);
  /** Why axios rejects the latest answer, if it does. */
  let rejection: AxiosError | undefined;

  return {
    madeBy,

    isReplayable: isReplayable(data),

    describe() {
      const { origin = "", pathname = "" } = origins.resolve(requestURL(config)) ?? {};
      return { method: (config.method ?? "get").toUpperCase(), origin, path: pathname };
    },

    wait: (promise) => waitInTime(promise, config, deadline),

    async send(token) {
      // The same class with the same own fields: `new AxiosHeaders(headers)` would parse each anew.
      const headers = Object.assign(new axios.AxiosHeaders(), config.headers);
      const copy = copyOf(config);
      copy.headers = headers;
      copy.data = data;
      if (token) {
        headers[options.header] = authorization(options.scheme, token.value);
        copy.cancelToken = cancelTokenOf(token.scope, config.cancelToken);
      }
      Object.assign(copy, deadline?.left());
      rejection = undefined;
      let response: AxiosResponse;
      try {
        response = await adapter(copy);
      } catch (error) {
        // By its mark: an adapter may come with an axios of its own.
        if (!axios.isAxiosError(error)) throw error;
        concealToken(error, config);
        if (!error.response) throw error;
        rejection = error;
        ({ response } = error);
      }
      // Nothing the caller receives shows what was added.
      response.config = config;
      response.request &&= withoutHeaders(response.request);
      return response;
    },

    inspect,

    discard,

    conclude(response, error) {
      if (!rejection) return response;
      throw error ? withCause(rejection, error) : rejection;
    },
  };
}

function inspect({ status, headers, data, config }: AxiosResponse): RefreshOnAnswer {
  return {
    status,
    // An adapter of the app's may answer with plain headers or none; the types allow more.
    headers: new Headers((headers ?? {}) as Record<string, string>),
    // A getter, so that the app's serialiser runs only when the URL is read.
    get url() {
      return new axios.Axios({}).getUri(config);
    },
    // The body before any transform: text, bytes, or a Blob.
    json: async () => (isReplayable(data) ? new Response(data as BodyInit).json() : undefined),
  };
}

function discard({ data }: AxiosResponse): void {
  discardBody(data);
}

/** As `{ ...config }`, at a quarter of its cost: axios' configs are slow to spread. */
function copyOf(config: InternalAxiosRequestConfig): InternalAxiosRequestConfig {
  const copy: Record<string, unknown> = {};
  for (const name of Object.keys(config)) copy[name] = Reflect.get(config, name);
  // Field by field the same.
  return copy as unknown as InternalAxiosRequestConfig;
}

function toAxiosError(error: AuthError, config: InternalAxiosRequestConfig): AxiosError {
  return withCause(
    error.code === "session_ended"
      ? new axios.CanceledError(error.message, config)
      : new axios.AxiosError(error.message, error.code, config),
    error,
  );
}

/** Not enumerable, as axios' own: loggers walk through what is. */
function withCause(rejection: AxiosError, value: AuthError): AxiosError {
  return Object.defineProperty(rejection, "cause", { value, writable: true, configurable: true });
}
