import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context, MiddlewareHandler } from "hono";
import type { Log } from "./park.js";

const addresses = new WeakMap<Request, string>();

/**
 * Notes the address that each request comes from. Each proxy adds the one it was called from at the
 * end of `X-Forwarded-For`; what stands before those of our own proxies is written by the client, and
 * can be anything.
 *
 * @param trustedProxies - how many proxies of our own every request passes.
 */
export function noteClientAddress(trustedProxies: number, log: Log): MiddlewareHandler {
  let isSaid = false;

  function addressOf(context: Context): string {
    const forwarded = context.req.header("x-forwarded-for")?.split(",") ?? [];
    const told = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
    return told || (getConnInfo(context).remote.address ?? "unknown");
  }

  return (context, next) => {
    if (trustedProxies === 0 && !isSaid && context.req.header("x-forwarded-for") !== undefined) {
      isSaid = true;
      // Else all guests share the limits of one address, that of the proxy.
      log("proxy-not-trusted", { remedy: "set TRUSTED_PROXIES if a proxy of yours stands before" });
    }
    addresses.set(context.req.raw, addressOf(context));
    return next();
  };
}

/** The address that was noted for the request. */
export function clientAddress(request: Request): string {
  return addresses.get(request) ?? "unknown";
}
