import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from "axios";
import { untilAborted } from "../core/platform/abort.js";
import type { Platform } from "../core/platform/platform.js";
import { createDeadline, waitInTime } from "../http/deadline.js";
import type { TestReply } from "./answers.js";
import type { SentRequest, TestServer } from "./testServer.js";
import type { TestWorld } from "./testWorld.js";

/** Sends the requests of a tab, in place of the network. */
export interface TestNetwork {
  /** With the network. */
  readonly platform: Platform;
  readonly adapter: AxiosAdapter;
}

/** The dependencies of the network. */
export interface NetworkDependencies {
  readonly server: TestServer;
  readonly world: TestWorld;
  /** In full. The page is there, too: what is relative starts from it. */
  readonly baseURL: string;
  /** The header of the token. */
  readonly header: string;
}

export function createTestNetwork(dependencies: NetworkDependencies): TestNetwork {
  const { server, world, baseURL } = dependencies;
  const platform = { ...world.platform, fetch: scriptedFetch, documentURL: () => baseURL };
  const { startTimer } = world;

  async function scriptedFetch(input: RequestInfo, init: RequestInit): Promise<Response> {
    const request: Partial<Request> = typeof input === "string" ? { url: input } : input;
    const sent = {
      method: init.method ?? request.method ?? "GET",
      url: new URL(request.url ?? "", baseURL),
      headers: new Headers(init.headers ?? request.headers),
      // A copy: the network may have to send it.
      body: init.body ?? (await request.clone?.().text()),
    };
    const signal = init.signal ?? request.signal;
    // As in a browser nothing is sent.
    if (signal?.aborted) throw signal.reason;
    const answer = await untilAborted(server.respond(toSentRequest(sent, dependencies)), signal);
    if (answer === "network") return fetch(request.text ? input : sent.url, init);
    if (answer) return toResponse(answer);
    throw new TypeError("Failed to fetch");
  }

  return {
    platform,

    // axios' own adapter over our `fetch`. Its timers are real ones, so the time limit is kept here.
    adapter(config) {
      const sent: InternalAxiosRequestConfig = {
        ...config,
        timeout: 0,
        fetchOptions: { ...config.fetchOptions, scripted: scriptedFetch },
        env,
      };
      const answer = axios.getAdapter("fetch", sent)(sent);
      return waitInTime(answer, config, createDeadline(config, { ...platform, startTimer }));
    },
  };
}

/**
 * One for all, because axios keeps for ever what it is given here: each request brings its own `fetch`
 * in its options. There is no `Request`, which in Node takes no relative URL: axios reads `null` as an
 * engine without it, and its types have no word for that.
 */
const env = {
  fetch: (url: unknown, init?: object) => Reflect.get(Object(init), "scripted")(url, init),
  Request: null as never,
};

/** A request as it goes out. */
interface Sent {
  method: string;
  url: URL;
  headers: Headers;
  body: unknown;
}

function toSentRequest(
  { method, url, headers, body }: Sent,
  { baseURL, header }: NetworkDependencies,
): SentRequest {
  const base = baseURL.replace(/\/$/, "");
  const place = url.origin + url.pathname;
  const path = place.startsWith(`${base}/`) ? place.slice(base.length) : place;
  const token = headers.get(header) ?? "";
  headers.delete(header);
  return {
    key: `${method} ${path}`,
    params: Object.fromEntries(url.searchParams),
    body: parsed(body),
    // In happy-dom they are as they were written.
    headers: Object.fromEntries([...headers].map(([name, text]) => [name.toLowerCase(), text])),
    search: url.search,
    token: token.replace(/.* /, ""),
  };
}

/** JSON and forms as what they say; anything else as it is. */
function parsed(body: unknown): unknown {
  if (body instanceof FormData || body instanceof URLSearchParams) return Object.fromEntries(body);
  try {
    return typeof body === "string" ? JSON.parse(body) : body;
  } catch {
    return body || undefined;
  }
}

/** Text and bytes as they are, anything else as JSON. */
function toResponse({ status, body, headers }: TestReply): Response {
  const isRaw = typeof body === "string" || ArrayBuffer.isView(body);
  // By their kind both may be sent.
  const content = isRaw ? (body as BodyInit) : JSON.stringify(body);
  const type = isRaw ? "text/plain" : "application/json";
  const init = { status, headers: { "content-type": type, ...headers } };
  if (typeof Response === "function") return new Response(content, init);
  // Jest's jsdom has none: this is as much of it as is read, unless a test asks for bytes.
  const shape = {
    status,
    headers: new Headers(init.headers),
    text: async () => content ?? "",
  };
  return shape as unknown as Response;
}
