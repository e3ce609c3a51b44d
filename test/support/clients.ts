import { Agent } from "node:http";
import { Readable } from "node:stream";
import axios, { type InternalAxiosRequestConfig } from "axios";
import { AuthError } from "react-authed-query";
import { expect } from "vitest";
import { setup, type Setup, type SetupOptions } from "./setup.js";

/** What both clients can be asked for. */
export interface ClientRequest {
  method?: string;
  /** A plain object is sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  skipAuth?: boolean;
}

/** What a request ended with, told alike for both clients. */
export interface Ending {
  /** Of the answer, if there was one. */
  status?: number;
  data?: unknown;
  /** If there was none: the code of the `AuthError`, `aborted` by the caller, or `network`. */
  code?: string;
  error?: AuthError | undefined;
}

export interface ClientSetup extends Setup {
  /** Sends a request and tells its end. Rejects only with what no client may show. */
  send(path: string, request?: ClientRequest): Promise<Ending>;
  /** Sends a GET that has to be answered 200: rejects if it is not. */
  get(path: string): Promise<Ending>;
}

/** One of the two clients of an Auth, for tests of what holds for both. */
export interface Client {
  toString(): string;
  setup(options?: SetupOptions): Promise<ClientSetup>;
  /**
   * Whether a request would carry the token of an Auth for https://api.example.com, seen on one that
   * goes nowhere. axios is given the base URL; `fetch` knows none.
   */
  carriesToken(
    url: string,
    documentURL?: string,
    allowedOrigins?: string[],
    baseURL?: string,
  ): Promise<boolean>;
  /** A body that can be read only once. */
  stream(text: string): unknown;
  /** How an answered 401 shows why it was not cured: axios by the `cause`, `fetch` not at all. */
  because(error: object): { error: unknown };
}

export const clients: readonly Client[] = [
  {
    toString: () => "axios",
    setup: (options) => setupWith(sendByAxios, options),
    async carriesToken(url, documentURL, allowedOrigins = [], baseURL) {
      const sent: unknown[] = [];
      const { auth } = await setupAPI({
        allowedOrigins,
        platform: { documentURL: () => documentURL },
      });
      const adapter = (config: InternalAxiosRequestConfig) => {
        sent.push(config.headers["Authorization"]);
        return Promise.resolve({ status: 200, statusText: "", data: "", headers: {}, config });
      };
      await auth.api.get(url, { adapter, ...(baseURL !== undefined && { baseURL }) });
      expect(sent).toHaveLength(1);
      return sent[0] === "Bearer token";
    },
    stream: (text) => Readable.from([text]),
    because: (error) => ({ error: expect.objectContaining(error) }),
  },
  {
    toString: () => "fetch",
    setup: (options) => setupWith(sendByFetch, options),
    async carriesToken(url, documentURL, allowedOrigins = []) {
      const sent: unknown[] = [];
      const { auth } = await setupAPI({
        allowedOrigins,
        platform: { documentURL: () => documentURL },
        fetch: async (_, init) => {
          sent.push(new Headers(init.headers).get("Authorization"));
          return new Response();
        },
      });
      await auth.fetch(url);
      expect(sent).toHaveLength(1);
      return sent[0] === "Bearer token";
    },
    stream: (text) => new Blob([text]).stream(),
    because: () => ({ error: undefined }),
  },
];

const setupAPI = (options: SetupOptions) =>
  setup({
    baseURL: "https://api.example.com",
    login: () => ({ accessToken: "token", expiresIn: 600, user: { id: "u1" } }),
    ...options,
  });

type Send = (made: Setup, path: string, request: ClientRequest) => Promise<Ending>;

async function setupWith(sendBy: Send, options?: SetupOptions): Promise<ClientSetup> {
  const made = await setup(options);
  return {
    ...made,
    send: (path, request = {}) => sendBy(made, path, request),
    async get(path) {
      const end = await sendBy(made, path, {});
      expect(end).toMatchObject({ status: 200 });
      return end;
    },
  };
}

// As many connections as a machine can open at once; a browser opens six.
const httpAgent = new Agent({ keepAlive: true, maxSockets: 100 });

const sendByAxios: Send = async ({ auth }, url, { body: data, ...request }) => {
  try {
    const answer = await auth.api.request({ url, data, httpAgent, ...request });
    return { status: answer.status, data: answer.data, error: undefined };
  } catch (error) {
    if (!axios.isAxiosError(error)) throw error;
    const { response, cause, code } = error;
    const known = cause instanceof AuthError ? cause : undefined;
    if (response) return { status: response.status, data: response.data, error: known };
    if (!known) return { code: axios.isCancel(error) ? "aborted" : "network" };
    expect(code).toBe(known.code === "session_ended" ? "ERR_CANCELED" : known.code);
    return { code: known.code, error: known };
  }
};

const sendByFetch: Send = async ({ auth, server }, path, { body, headers, ...request }) => {
  const isPlain = Object.prototype.toString.call(body) === "[object Object]";
  const content = isPlain ? JSON.stringify(body) : body;
  try {
    const response = await auth.fetch(server.url + path, {
      ...request,
      headers: isPlain ? { "content-type": "application/json", ...headers } : { ...headers },
      // What tests send is one.
      body: (content ?? null) as BodyInit | null,
      // RequestInit's types do not know it yet; without it a stream is refused.
      ...{ duplex: "half" },
    });
    const text = await response.text();
    const isJSON = response.headers.get("content-type") === "application/json";
    return { status: response.status, data: isJSON ? JSON.parse(text) : text, error: undefined };
  } catch (error) {
    if (error instanceof AuthError) return { code: error.code, error };
    if (request.signal?.aborted && error === request.signal.reason) return { code: "aborted" };
    if (error instanceof TypeError) return { code: "network" };
    throw error;
  }
};
