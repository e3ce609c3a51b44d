import { Agent, createServer } from "node:http";
import axios, { type AxiosAdapter, type AxiosProgressEvent } from "axios";
import { describe, expect, onTestFinished, test } from "vitest";
import { playBoth, type Note, type Use } from "../support/likeBareAxios.js";

/** An adapter of the app's own, which goes on to axios'. */
const through =
  (note: Note, name = "http"): AxiosAdapter =>
  async (config) => {
    const { cancelToken: _, ...seen } = config;
    note("adapter", seen);
    const response = await axios.getAdapter(name)(config);
    note("adapter", response.status, response.data);
    return response;
  };

/** On a replay each of these is called again, so the token is good. */
const uses: Record<string, Use> = {
  "is an adapter of the app's, by default or per request, and is given the same": {
    before: (api, note) => void (api.defaults.adapter = through(note)),
    async run(api, note) {
      api.interceptors.request.use((config) => Object.assign(config, { mine: 1 }));
      const { signal } = new AbortController();
      const data = new FormData();
      await api.post("/", data, { signal, timeout: 60_000, timeoutErrorMessage: "late" });
      await api.get("/", { timeout: 60_000, adapter: through(note, "fetch") });
      await api.post("/", Buffer.from("raw"), {
        adapter: async (config) => {
          note(config.data);
          return { data: "", status: 204, statusText: "", headers: {}, config };
        },
      });
    },
  },

  "is an adapter by name, or the first of several that there is": {
    async run(api, note) {
      for (const adapter of ["http", "fetch", ["xhr", "fetch"], through(note)]) {
        note((await api.get("/", { adapter })).status);
      }
      await api.get("/", { adapter: "xhr" }).catch((error: Error) => note(error.message));
      const adapter: string = "none";
      await api.get("/", { adapter }).catch((error: Error) => note(error.message));
    },
  },

  "is a serialiser, for relative and for absolute URLs": {
    async run(api, note, url) {
      const serialize = (params: object) => (note("serialised", params), "a=1");
      const params = { b: 2 };
      for (const path of ["/", "orders//of?x", `${url}/orders`]) {
        await api.get(path, { params, paramsSerializer: serialize });
        await api.get(path, { params, paramsSerializer: { serialize, encode: String } });
      }
      note(api.getUri({ url: "/a", params, paramsSerializer: serialize }));
    },
  },

  "is `validateStatus`": {
    async run(api, note) {
      const validateStatus = (status: number) => (note(status), status === 404);
      note((await api.get("/404", { validateStatus })).status);
      note((await api.get("/404", { validateStatus: null })).status);
      return api.get("/", { validateStatus });
    },
  },

  "is progress": {
    async run(api, note) {
      let ends: unknown[] = [];
      const onProgress = ({
        loaded,
        total,
        bytes,
        lengthComputable,
        upload,
      }: AxiosProgressEvent) => {
        ends = [loaded, total, bytes, lengthComputable, upload];
      };
      for (const adapter of ["http", "fetch"]) {
        await api.post("/", "text", { adapter, onUploadProgress: onProgress });
        note(ends);
        await api.get("/", { adapter, onDownloadProgress: onProgress });
        note(ends);
      }
    },
  },

  "are redirects": {
    async run(api, note) {
      const beforeRedirect = (_: object, { statusCode }: { statusCode: number }) =>
        note(statusCode);
      await api.get("/redirect", { beforeRedirect });
      return api.get("/redirect", { maxRedirects: 0 });
    },
  },

  "are agents": {
    async run(api, note) {
      const httpAgent = new Agent();
      const { addRequest } = httpAgent as unknown as { addRequest: () => void };
      Object.assign(httpAgent, {
        addRequest(...given: []) {
          note("asked");
          Reflect.apply(addRequest, httpAgent, given);
        },
      });
      const { config } = await api.get("/", { httpAgent });
      note(config.httpAgent === httpAgent);
    },
  },

  "is a `fetch` of the app's": {
    async run(api, note) {
      const fetched: typeof fetch = async (input, init) => {
        note("fetched", input instanceof Request && input.method);
        return fetch(input, init);
      };
      return api.get("/", { adapter: "fetch", env: { fetch: fetched } });
    },
  },
};

describe("what is part of sending", () => {
  test.each(Object.entries(uses))("%s", async (_, use) => {
    const { bare, authed } = await playBoth(use);
    expect(authed).toEqual(bare);
  });

  test("is a socket, which needs no port", async () => {
    const server = createServer((_, response) => response.end("{}"));
    const socketPath = `\0axios-${process.pid}`;
    await new Promise<void>((resolve) => server.listen(socketPath, resolve));
    onTestFinished(() => void server.close());
    const { bare, authed } = await playBoth({ run: (api) => api.get("/", { socketPath }) });
    expect(authed).toEqual(bare);
  });
});
