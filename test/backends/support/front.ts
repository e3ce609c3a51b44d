import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { proxy } from "hono/proxy";
import type { Backend } from "./backend.js";

/** A wrapper in front of a backend. */
export interface Front {
  /** Answers `/login`, `/refresh` and `/logout` with the help of the backend at this URL. */
  wrapper: (backend: string) => Hono;
  /** Where the page finds them; `/api/auth/…` if omitted. A logout without one is the backend's. */
  paths?: { login: string; refresh: string; logout?: string };
}

const usualPaths = {
  login: "/api/auth/login",
  refresh: "/api/auth/refresh",
  logout: "/api/auth/logout",
};

/**
 * Serves the wrapper where the page looks for it; everything else goes to the backend.
 *
 * @param now - the server's clock, for its `Date` header.
 */
export async function startFront(
  { wrapper, paths = usualPaths }: Front,
  backend: Backend,
  now: () => number,
): Promise<Backend> {
  const received: string[] = [];
  const wrapped = wrapper(backend.url);
  const app = new Hono().use(async ({ req }, next) => {
    received.push(`${req.method} ${req.path}`);
    await next();
  });
  for (const [name, path] of Object.entries(paths)) {
    app.post(path, ({ req }) => wrapped.fetch(new Request(new URL(`/${name}`, req.url), req.raw)));
  }
  app.all("*", ({ req }) => proxy(`${backend.url}${req.path}`, { raw: req.raw }));

  const listener = getRequestListener(app.fetch);
  const server = createServer((incoming, response) => {
    response.setHeader("date", new Date(now()).toUTCString());
    void listener(incoming, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    received: (route) => received.filter((one) => one === route).length,
    refusals: backend.refusals,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await backend.close();
    },
  };
}
