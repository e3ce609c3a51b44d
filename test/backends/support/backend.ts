import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request, read. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
  cookies: Readonly<Record<string, string | undefined>>;
  /** The fields of a JSON or form body; none if there is no such body. */
  body: Readonly<Record<string, unknown>>;
  /** What follows `Bearer`. */
  bearer: string | undefined;
}

/** What a route answers: an object goes as JSON, a text as it is. */
export interface Reply {
  status?: number;
  body?: object | string | undefined;
  headers?: Readonly<Record<string, string>>;
  /** Each a whole `Set-Cookie` line. */
  cookies?: readonly string[];
}

/** By method and path, such as `"POST /auth/refresh"`. */
export type Routes = Readonly<Record<string, (call: Call) => Reply | Promise<Reply>>>;

/** An HTTP server on loopback that speaks one backend's dialect, and counts. */
export interface Backend {
  readonly url: string;
  /** How many requests of this route arrived. */
  received(route: string): number;
  /** The requests that it refused, or has no route for. */
  refusals(): string[];
  close(): Promise<void>;
}

/** @param now - the server's clock, for its `Date` header. */
export async function startBackend(routes: Routes, now: () => number): Promise<Backend> {
  const received: string[] = [];
  const refusals: string[] = [];
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", async () => {
      const call = read(incoming, Buffer.concat(chunks).toString());
      const route = `${call.method} ${call.path}`;
      received.push(route);
      const reply = (await routes[route]?.(call)) ?? { status: 404 };
      const { status = 200, body, headers = {}, cookies = [] } = reply;
      if (status >= 400) refusals.push(`${route}: ${status}`);
      response.setHeader("date", new Date(now()).toUTCString());
      if (typeof body === "object") response.setHeader("content-type", "application/json");
      for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
      if (cookies.length > 0) response.setHeader("set-cookie", cookies);
      response.writeHead(status).end(typeof body === "object" ? JSON.stringify(body) : body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    received: (route) => received.filter((one) => one === route).length,
    refusals: () => refusals,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read({ method = "", url = "", headers }: IncomingMessage, text: string): Call {
  const { pathname, searchParams } = new URL(url, "http://loopback");
  const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  return {
    method,
    path: pathname,
    query: searchParams,
    headers,
    cookies: Object.fromEntries(
      (headers.cookie ?? "").split("; ").map((pair) => pair.split(/=(.*)/s, 2)),
    ) as Record<string, string>,
    body: (isForm
      ? Object.fromEntries(new URLSearchParams(text))
      : JSON.parse(text || "{}")) as Record<string, unknown>,
    bearer: /^Bearer (.*)$/.exec(headers.authorization ?? "")?.[1],
  };
}
