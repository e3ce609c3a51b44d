import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { secureHeaders } from "hono/secure-headers";
import type { Config } from "./config.js";

/** The built app: its assets, and `index.html` for every other path a person may open. */
export function pages({ appDir }: Config): Hono {
  const routes = new Hono();
  const root = relative(process.cwd(), appDir);
  routes.use(
    "/assets/*",
    // Their names change with their content.
    serveStatic({
      root,
      onFound: (_, context) =>
        context.header("cache-control", "public, max-age=31536000, immutable"),
    }),
  );
  routes.get("*", async (context) => {
    const wantsPage = /text\/html|\*\/\*/.test(context.req.header("accept") ?? "*/*");
    if (!wantsPage || context.req.path.startsWith("/assets/")) return context.notFound();
    try {
      const page = await readFile(join(appDir, "index.html"), "utf8");
      context.header("cache-control", "no-store");
      return context.html(page);
    } catch {
      return context.text("The browser app is not built. Run: npm run example:build", 503);
    }
  });
  return routes;
}

/** Nothing from elsewhere, no inline code, no string that becomes a script. */
export function pageHeaders({ isProduction }: Config): ReturnType<typeof secureHeaders> {
  return secureHeaders({
    contentSecurityPolicy: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", "data:"],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      formAction: ["'self'"],
      baseUri: ["'none'"],
      frameAncestors: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
    strictTransportSecurity: isProduction && "max-age=31536000; includeSubDomains",
    referrerPolicy: "no-referrer",
    xFrameOptions: "DENY",
    permissionsPolicy: { camera: [], geolocation: [], microphone: [], payment: [] },
  });
}
