import { Readable } from "node:stream";
import axios, {
  AxiosHeaders,
  type AxiosError,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from "axios";
import { describe, expect, test } from "vitest";
import { playBoth, type Note, type Token, type Use } from "../support/likeBareAxios.js";

type Config = InternalAxiosRequestConfig;

/** A whole config, but for the adapter: that is ours between our interceptor and the sending. */
const withoutAdapter = (config: Config) => ({ ...config, adapter: undefined });

/** Compares with bare axios, also where the token has expired and the request is sent twice. */
function bothAlike(uses: Record<string, Use>): void {
  describe.each<Token>(["good", "expired"])("with a token that is %s", (token) => {
    test.each(Object.entries(uses))("%s", async (_, use) => {
      const { bare, authed } = await playBoth(use, token);
      expect(authed).toEqual(bare);
    });
  });
}

function intercept(api: AxiosInstance, note: Note, name: string): void {
  api.interceptors.request.use((config) => {
    note(name, withoutAdapter(config));
    return config;
  });
  api.interceptors.response.use(
    (response) => {
      note(name, response);
      return response;
    },
    (error: AxiosError) => {
      note(name, error);
      throw error;
    },
  );
}

describe("interceptors", () => {
  bothAlike({
    "see the same, made before the Auth or after": {
      before: (api, note) => intercept(api, note, "before"),
      async run(api, note) {
        intercept(api, note, "after");
        await api.post("/", { a: 1 }, { params: { b: 2 } });
        return api.get("/404");
      },
    },

    "run at once where all of them are synchronous": {
      async run(api, note) {
        const ask = (fulfilled: (config: Config) => Config) =>
          api.interceptors.request.use(fulfilled, undefined, { synchronous: true });
        ask((config) => (note("asked"), config));
        const asking = api.get("/");
        note("called");
        return asking;
      },
    },

    "are ejected, conditional, and may throw": {
      before(api, note) {
        const id = api.interceptors.request.use((config) => (note("ejected"), config));
        api.interceptors.request.eject(id);
      },
      async run(api, note) {
        api.interceptors.request.use((config) => (note("posted"), config), undefined, {
          runWhen: ({ method }) => method === "post",
        });
        await api.get("/");
        await api.post("/");
        api.interceptors.response.use(() => {
          throw new RangeError("mine");
        });
        return api.get("/").catch((error: unknown) => note(String(error)));
      },
    },

    "give another config, and what they put on it stays": {
      async run(api, note) {
        const mine = Symbol("mine");
        api.interceptors.request.use(async (config) => ({
          ...config,
          ...{ metadata: { startedAt: 1 }, [mine]: 2 },
        }));
        const { config } = await api.get("/", { headers: { "X-Mine": "1" } });
        note(config, Reflect.get(config, mine));
        return api(config);
      },
    },

    "know the config of a response and of an error again": {
      async run(api, note) {
        const known = new WeakSet<object>();
        api.interceptors.request.use((config) => (known.add(config), config));
        note(known.has((await api.get("/")).config));
        return api.get("/404").catch((error: AxiosError) => {
          note(known.has(Object(error.config)), error.config === error.response?.config);
        });
      },
    },
  });
});

describe("what is told of a request", () => {
  bothAlike({
    "is in no listing of its config, and in no JSON": {
      async run(api, note) {
        const fieldsOf = (config: object) =>
          [config, JSON.parse(JSON.stringify(config)), axios.mergeConfig({}, config)].map(
            Object.keys,
          );
        note(fieldsOf((await api.get("/")).config));
        await api.get("/404").catch((error: AxiosError) => {
          note(
            fieldsOf(Object(error.config)),
            Object.keys(Object(Reflect.get(error.toJSON(), "config"))),
          );
        });
      },
    },

    "are axios' errors, by class and code": {
      async run(api, note) {
        for (const path of ["/404", "/drop"]) {
          const error = await api.get(path).catch((reason: unknown) => reason);
          note(axios.isAxiosError(error), axios.isCancel(error), error);
        }
        await api.get("/hang", { timeout: 20 }).catch(note);
        const transitional = { clarifyTimeoutError: true };
        const timeoutErrorMessage = "too slow";
        return api.get("/hang", { timeout: 20, transitional, timeoutErrorMessage });
      },
    },

    "names the final URL": {
      async run(api, note) {
        const { request } = await api.get("/redirect");
        note(request.res.responseUrl, request.method, request.path);
        const { request: fetched } = await api.get("/", { adapter: "fetch" });
        note(fetched.url, fetched.method);
      },
    },
  });
});

describe("transforms", () => {
  bothAlike({
    "are called as often, on the same, with the same": {
      async run(api, note) {
        const noting = (name: string) =>
          function (this: Config, data: unknown, headers: AxiosHeaders, status?: number) {
            note(name, withoutAdapter(this), data, headers, status);
            return data;
          };
        const transformRequest = [
          noting("first"),
          ...[axios.defaults.transformRequest ?? []].flat(),
        ];
        await api.post("/", { a: 1 }, { transformRequest });
        await api.post("/", "text", { transformRequest: noting("only") });
        const parse = (text: string): unknown => JSON.parse(text);
        const transformResponse = [noting("raw"), parse, noting("parsed")];
        await api.get("/", { transformResponse });
        return api.get("/404", { transformResponse: noting("failed") });
      },
    },

    "follow `transitional` and `responseType`": {
      async run(api, note) {
        note((await api.get("/text")).data);
        const transitional = { silentJSONParsing: false };
        return api.get("/text", { responseType: "json", transitional });
      },
    },
  });
});

describe("cancelling", () => {
  bothAlike({
    "by a signal, before and during a request": {
      async run(api, note) {
        const controller = new AbortController();
        controller.abort();
        await api.get("/", { signal: controller.signal }).catch((error: AxiosError) => {
          note(error.message, error.code, axios.isCancel(error));
        });
        const { signal, abort } = listening();
        const asking = api.get("/hang", { signal });
        setTimeout(abort, 50);
        return asking;
      },
    },

    "leaves no listener on the signal": {
      async run(api, note) {
        const { signal, listeners } = listening();
        await api.get("/", { signal });
        await api.get("/404", { signal }).catch(note);
        note(listeners());
      },
    },

    "by a cancel token, before and during a request": {
      async run(api, note) {
        const source = axios.CancelToken.source();
        const { token: cancelToken } = source;
        const asking = api.get("/hang", { cancelToken });
        setTimeout(() => source.cancel("mine"), 50);
        const error = await asking.catch((reason: unknown) => reason);
        note(error, error === cancelToken.reason, axios.isCancel(error));
        await api.get("/", { cancelToken }).catch(note);
      },
    },

    "leaves no listener on the cancel token": {
      async run(api, note) {
        const { token } = axios.CancelToken.source();
        await api.get("/", { cancelToken: token });
        await api.get("/404", { cancelToken: token }).catch(note);
        note(Reflect.get(token, "_listeners"));
      },
    },
  });

  function listening() {
    const controller = new AbortController();
    const { signal } = controller;
    const kept = new Set<unknown>();
    const { addEventListener, removeEventListener } = signal;
    signal.addEventListener = (type: string, listener: EventListener, options?: object) => {
      kept.add(listener);
      addEventListener.call(signal, type, listener, options);
    };
    signal.removeEventListener = (type: string, listener: EventListener) => {
      kept.delete(listener);
      removeEventListener.call(signal, type, listener);
    };
    return { signal, abort: () => controller.abort(), listeners: () => kept.size };
  }
});

describe("bodies", () => {
  const form = new FormData();
  form.append("title", "engine");
  form.append("photo", new File(["pixels"], "a.png", { type: "image/png" }));
  const bytes = new TextEncoder().encode("bytes").buffer;

  bothAlike({
    "of every kind arrive the same": {
      async run(api, note) {
        for (const data of [form, { a: [1] }, "text", new URLSearchParams("a=1"), bytes]) {
          note((await api.post("/", data)).data);
        }
        note((await api.post("/", new Uint8Array(bytes))).data);
        note((await api.post("/", Buffer.from("buffer"))).data);
        note((await api.postForm("/", { a: [1, 2] })).data);
        const headers = { "content-type": "application/x-www-form-urlencoded" };
        const formSerializer = { indexes: null };
        note((await api.post("/", { a: [1, 2] }, { headers, formSerializer })).data);
        return api.post("/", Readable.from(["stream"])).catch((error: AxiosError) => error.code);
      },
    },

    "come back as the type that was asked for": {
      async run(api, note) {
        for (const responseType of ["arraybuffer", "text", "json"] as const) {
          note((await api.get("/", { responseType })).data);
        }
        for (const responseType of ["arraybuffer", "blob", "text", "stream"] as const) {
          note((await api.get("/", { responseType, adapter: "fetch" })).data);
        }
        const { data } = await api.get<Readable>("/", { responseType: "stream" });
        note(data, await new Response(Readable.toWeb(data) as BodyInit).json());
      },
    },
  });
});

describe("the instance", () => {
  bothAlike({
    "takes defaults that change between calls": {
      defaults: { headers: { common: { "X-App": "1" } }, params: { a: 1 } },
      async run(api, note) {
        note((await api.get("/")).data);
        api.defaults.headers.common["X-App"] = "2";
        api.defaults.headers.post["X-Post"] = "3";
        api.defaults.params = { b: 2 };
        note((await api.post("/", {}, { headers: new AxiosHeaders({ "X-Mine": "4" }) })).data);
        note((await api.get("/", { headers: { "X-Mine": "5", Accept: null } })).data);
        api.defaults.baseURL += "/v2";
        return api.get("orders");
      },
    },

    "is called in every way": {
      async run(api, note) {
        note((await api("/")).data, (await api({ url: "/", method: "PUT" })).data);
        note(
          (await api.request({ url: "/" })).data,
          (await api.delete("/", { data: { a: 1 } })).data,
        );
        note((await api.head("/")).data, (await api.options("/")).data);
      },
    },

    "makes others, which have no interceptors": {
      async run(api, note) {
        intercept(api, note, "parent");
        const child = api.create({ headers: { "X-Child": "1" } });
        note(child.defaults.baseURL === api.defaults.baseURL, Object.keys(child.defaults));
        return child.get("/");
      },
    },
  });
});
