import { join } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono, type Context } from "hono";
import type { Config } from "./config.js";

/** The built app: its files, and `index.html` for every other address that a person may open. */
export function pages({ appDir }: Config): Hono {
  const routes = new Hono();
  const file = serveStatic({ root: appDir, onFound: keepFor });
  const indexPage = serveStatic({ path: join(appDir, "index.html"), onFound: keepFor });

  routes.get("*", file, (context, next) =>
    wantsPage(context) ? indexPage(context, next) : next(),
  );
  routes.get("*", (context) =>
    wantsPage(context)
      ? context.text("The browser app is not built. Run: npm run example:build", 503)
      : context.text("There is no such file.", 404),
  );
  return routes;
}

/** A script or a picture that is missing must not be answered with a page. */
function wantsPage(context: Context): boolean {
  return context.req.header("accept")?.includes("text/html") ?? false;
}

function keepFor(path: string, context: Context): void {
  context.header("cache-control", cachingOf(path));
}

function cachingOf(path: string): string {
  if (path.endsWith(".html")) return "no-store";
  // Vite puts a hash of the content into the name: other content comes under another name.
  if (/-[\w-]{8}\.\w+$/.test(path)) return "public, max-age=31536000, immutable";
  return "no-cache";
}
