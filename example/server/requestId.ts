import { AsyncLocalStorage } from "node:async_hooks";
import { randomUUID } from "node:crypto";
import type { MiddlewareHandler } from "hono";
import type { Log } from "./park.js";

const ids = new AsyncLocalStorage<string>();

/** Gives each request an id, which its answer and its lines in the log have in common. */
export const nameRequest: MiddlewareHandler = async (context, next) => {
  const id = randomUUID();
  await ids.run(id, next);
  context.header("x-request-id", id);
};

/** The id of the request that is being answered. */
export function currentRequestId(): string | undefined {
  return ids.getStore();
}

export function withRequestId(log: Log): Log {
  return (event, about) => {
    const request = currentRequestId();
    log(event, { ...(request !== undefined && { request }), ...about });
  };
}
