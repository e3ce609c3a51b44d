import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import axios, { type AxiosInstance, type CreateAxiosDefaults } from "axios";
import { createAuth, type CreateAuthOptions } from "react-authed-query";
import { onTestFinished } from "vitest";
import { browserPlatform } from "../../src/core/platform/browserPlatform.js";
import { pictureOf } from "./pictureOf.js";

/** Writes down what a function of the app saw. */
export type Note = (...seen: unknown[]) => void;

/** One way an app uses axios: what it hangs on its instance, and what it calls. */
export interface Use {
  /** What the instance is made with, beside the base URL. */
  defaults?: CreateAxiosDefaults;
  /** Done to the instance before it gets an Auth. */
  before?: (api: AxiosInstance, note: Note) => void;
  /** `url` is the server's. How it ends is noted, too. */
  run: (api: AxiosInstance, note: Note, url: string) => Promise<unknown>;
}

/** How the token is when the app calls. */
export type Token = "good" | "expired";

/** What the functions of the app saw, and how it ended: once without an Auth, once with one. */
export interface Seen {
  bare: unknown[];
  authed: unknown[];
}

/** Does the same with bare axios and with an instance that has an Auth, over a real server. */
export async function playBoth(use: Use, token: Token = "good"): Promise<Seen> {
  return { bare: await play(use), authed: await play(use, token) };
}

async function play({ defaults, before, run }: Use, token?: Token): Promise<unknown[]> {
  const url = await startServer(token === "expired");
  const seen: unknown[] = [];
  const note: Note = (...values) => seen.push(values.map((value) => pictureOf(value, url)));
  const api = axios.create({ ...defaults, baseURL: url });
  before?.(api, note);
  if (token) {
    const options: CreateAuthOptions = {
      axios: api,
      login: () => ({ accessToken: "first" }),
      refresh: () => ({ accessToken: "second" }),
      tabs: false,
    };
    // Of a time limit, an adapter is given what is left: here all, however slow the machine is.
    const auth = createAuth(options, { ...browserPlatform, monotonicNow: () => 1000 });
    onTestFinished(() => auth.dispose());
    await auth.login({});
  }
  await run(api, note, url).then(
    (value) => note("resolved", value),
    (error: unknown) => note("rejected", error),
  );
  return seen;
}

/** Answers what it was sent, but `/404`, `/redirect` (to `/`), `/text`, `/hang` and `/drop`. */
async function startServer(refusesFirst: boolean): Promise<string> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      if (refusesFirst && request.headers.authorization === "Bearer first") {
        response.writeHead(401).end();
      } else {
        answer(request, response, Buffer.concat(chunks));
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

function answer(request: IncomingMessage, response: ServerResponse, body: Buffer): void {
  const { method, url = "/" } = request;
  const { authorization: _, host: __, connection: ___, ...headers } = request.headers;
  switch (new URL(url, "http://server").pathname) {
    case "/404":
      return void response.writeHead(404, { "content-type": "application/json" }).end("{}");
    case "/redirect":
      return void response.writeHead(302, { location: "/" }).end();
    case "/text":
      return void response.end("no JSON");
    case "/hang":
      return undefined;
    case "/drop":
      return void response.destroy();
    default: {
      const boundary = /boundary=(.+)/.exec(headers["content-type"] ?? "")?.[1] ?? "no boundary";
      const text = JSON.stringify({ method, url, headers, body: body.toString("latin1") });
      response.setHeader("content-type", "application/json");
      response.end(text.replaceAll(boundary, "boundary"));
    }
  }
}
