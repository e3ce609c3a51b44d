import type { Platform } from "../../../src/core/platform/platform.js";
import { createClock, type Clock } from "../../support/clock.js";

/** A browser as far as a backend notices it: it keeps cookies over reloads, and has a clock. */
export interface Browser {
  readonly clock: Clock;
  /** `fetch` with the cookies that belong to the URL. */
  readonly fetch: (input: RequestInfo, init: RequestInit) => Promise<Response>;
  /** The names of the cookies it holds. */
  cookieNames(): string[];
}

interface Cookie {
  value: string;
  path: string;
  isHttpOnly: boolean;
}

export function openBrowser(): Browser {
  const jar = new Map<string, Cookie>();
  const clock = createClock({
    readCookie(name) {
      const cookie = jar.get(name);
      return cookie?.isHttpOnly === false ? cookie.value : undefined;
    },
  } satisfies Partial<Platform>);

  function keep(line: string): void {
    const [pair = "", ...attributes] = line.split(/;\s*/);
    const [name = "", value = ""] = pair.split(/=(.*)/s, 2);
    const has = (pattern: RegExp) => attributes.some((attribute) => pattern.test(attribute));
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? "/";
    const isGone = has(/^max-age=0/i) || has(/^expires=Thu, 01 Jan 1970/i);
    if (isGone) jar.delete(name);
    else jar.set(name, { value, path, isHttpOnly: has(/^httponly/i) });
  }

  return {
    clock,
    async fetch(input, init) {
      const url = typeof input === "string" ? input : input.url;
      const { pathname } = new URL(url);
      const headers = new Headers(init.headers);
      const pairs = [...jar].filter(
        ([, { path }]) => pathname === path || pathname.startsWith(path.replace(/\/?$/, "/")),
      );
      if (init.credentials === "include" && pairs.length > 0) {
        headers.set("cookie", pairs.map(([name, { value }]) => `${name}=${value}`).join("; "));
      }
      const response = await fetch(url, { ...init, headers });
      for (const line of response.headers.getSetCookie()) keep(line);
      return response;
    },
    cookieNames: () => [...jar.keys()],
  };
}
