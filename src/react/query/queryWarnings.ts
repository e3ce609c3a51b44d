import type { QueryClient, QueryKey, QueryObserver, UseQueryOptions } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { warnOnce } from "../../core/dev/warning/warnOnce.js";
import { kindOf } from "../../core/vocabulary/values.js";
import type { AuthedRequest } from "../request/authedRequest.js";
import type { QuerySource } from "./authedQuerySource.js";

// Names a likely mistake in the console, once. It belongs in no production bundle.

/** The request behind each of our query functions. */
const requests = new WeakMap<object, string>();

/** Notes the request of a query function that we make, where it has one. */
export function noteRequest(queryFn: unknown, request: QuerySource["request"]): void {
  const isOne = typeof request === "string" || typeof request === "object";
  if (isOne && typeof queryFn === "function") requests.set(queryFn, textOf(request));
}

/** A query as this needs it; TanStack's own fits. */
interface WatchedQuery {
  readonly queryKey: QueryKey;
  readonly observers: readonly Pick<QueryObserver, "options">[];
}

/** Names a query whose components ask for different things under one key. */
export function warnOfTwoRequests(query: WatchedQuery | undefined): void {
  const asked = query?.observers.flatMap(({ options: { queryFn } }) => requestOf(queryFn) ?? []);
  if (query && asked) warnIfTwo(query, asked);
}

/**
 * Names a query that is asked for different things under one key: by several components, or by one
 * from rendering to rendering.
 */
export function useRequestWarning(client: QueryClient, options: UseQueryOptions): void {
  // Fast Refresh makes another one, and the request may have been edited.
  const latest = useMemo<{ query?: object; request?: string | undefined }>(() => ({}), []);
  useEffect(() => {
    const { queryHash } = client.defaultQueryOptions(options);
    const query = client.getQueryCache().get(queryHash);
    if (!query) return;
    // When the other components of this commit have given their new options to the query, too.
    queueMicrotask(() => warnOfTwoRequests(query));
    const request = requestOf(options.queryFn);
    if (latest.query === query && latest.request && request) {
      warnIfTwo(query, [latest.request, request]);
    }
    Object.assign(latest, { query, request });
  }, [client, latest, options]);
}

function requestOf(queryFn: unknown): string | undefined {
  return typeof queryFn === "function" ? requests.get(queryFn) : undefined;
}

function warnIfTwo(query: WatchedQuery, asked: readonly string[]): void {
  const [first = "", second] = new Set(asked);
  if (second === undefined) return;
  const [one, other] = [first, second].map((text) => text.split(/[?\s]/, 2).join(" ").trim());
  const names = one === other ? `${one}, with different params or data` : `${one} and ${other}`;
  warnOnce(
    query,
    `Two different requests share one query key, and each is given the other's data: ${names}. Put into \`queryKey\` what the request depends on.`,
    "two requests",
  );
}

/** A request as text: equal texts for equal requests. */
function textOf(request: AuthedRequest): string {
  const config = typeof request === "string" ? { url: request } : request;
  const { method = "GET", url = "", baseURL, params, data } = config;
  const rest = JSON.stringify([baseURL, params, data] satisfies unknown[], ordered);
  // A parameter against caching, such as the time, makes no other request.
  return `${method.toUpperCase()} ${url}\n${rest}`.replaceAll(/\b\d{13}\b/g, "");
}

function ordered(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  if (value instanceof URLSearchParams) return value.toString();
  // The content of a form or a file cannot be read as text.
  if (kindOf(value) !== "Object") return kindOf(value);
  // oxlint-disable-next-line unicorn/no-array-sort, typescript/require-array-sort-compare -- engines of 2022 lack `toSorted`, and any one order will do
  return Object.fromEntries(Object.entries(value).sort());
}
