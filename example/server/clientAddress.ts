import { getConnInfo } from "@hono/node-server/conninfo";
import type { Context } from "hono";

/**
 * The address a request comes from. Each proxy adds the one it was called from at the end of
 * `X-Forwarded-For`; what stands before those of our own proxies is written by the client, and can
 * be anything.
 *
 * @param trustedProxies - how many proxies of our own every request passes.
 */
export function clientAddress(context: Context, trustedProxies: number): string {
  const forwarded = context.req.header("x-forwarded-for")?.split(",") ?? [];
  const told = trustedProxies > 0 ? forwarded.at(-trustedProxies)?.trim() : undefined;
  return told || (getConnInfo(context).remote.address ?? "unknown");
}
