import { serve, type ServerType } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { fileURLToPath } from "node:url";
import { run } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the site lies on its host: not at the root, which is the harder case. */
export const base = "/some/place/";

/** The folder that the site is made in. */
export const siteFolder = `${root}docs/.vitepress/dist`;

/** Makes the site, as `npm run docs` does. */
export function makeSite(): Promise<string> {
  // With the `test` of Vitest, it would have React's JSX of development.
  const env = { ...process.env, NODE_ENV: "production", DOCS_BASE: base };
  return run("npm", ["run", "docs"], { cwd: root, env });
}

/** Serves the site as a host of files does. */
export function serveSite(): Promise<{ url: string; close: () => void }> {
  const app = new Hono();
  const rewriteRequestPath = (path: string) => path.slice(base.length - 1);
  app.use(`${base}*`, serveStatic({ root: siteFolder, rewriteRequestPath }));
  return new Promise((resolve) => {
    const server: ServerType = serve({ fetch: app.fetch, port: 0 }, ({ port }) => {
      resolve({ url: `http://127.0.0.1:${port}${base}`, close: () => server.close() });
    });
  });
}
