import { Axios, type InternalAxiosRequestConfig } from "axios";
import type { OriginGate } from "../core/authServer/origins.js";
import type { Platform } from "../core/platform/platform.js";

type Target = Pick<InternalAxiosRequestConfig, "baseURL" | "url" | "allowAbsoluteUrls" | "params">;

/** Tells whether a request, as axios will send it, goes to an origin that may see the token. */
export type MayCarryToken = (config: Target) => boolean;

// A first segment without anything that a URL parser could read as a scheme or a host: behind a
// base URL such a path stays on the base's origin, whatever follows.
const plainPath = /^\/?\w[\w.~-]*(?:[/?#]|$)/;

export function createMayCarryToken(origins: OriginGate, platform: Platform): MayCarryToken {
  /** The last base judged and the verdict, for `new URL` per request is slow. */
  let judged = "";
  let verdict: boolean | undefined;

  /** The verdict for all plain paths behind this base; `undefined` if there is none. */
  function allowsBase(baseURL: string): boolean | undefined {
    const base = `${platform.documentURL()} ${baseURL}`;
    if (judged !== base) {
      judged = base;
      const probe = `${baseURL.replace(/\/+$/, "")}/x`;
      // A base such as "http:" makes a host of what follows; then each URL is judged by itself.
      const isBase = origins.resolve(probe)?.href.endsWith("/x");
      verdict = isBase ? origins.allows(probe) : undefined;
    }
    return verdict;
  }

  return function mayCarryToken(config) {
    const { baseURL, url } = config;
    const known = baseURL && url && plainPath.test(url) ? allowsBase(baseURL) : undefined;
    return known ?? origins.allows(requestURL(config));
  };
}

/**
 * The URL as axios' adapters build it, from this config alone; `""` if they will refuse to. Of `params`
 * no more than the `?`: what follows that changes no origin, and the app's serialiser is not ours to call.
 */
export function requestURL({ baseURL = "", url = "", allowAbsoluteUrls, params }: Target): string {
  const target = { baseURL, url, allowAbsoluteUrls: allowAbsoluteUrls !== false };
  try {
    return new Axios({}).getUri(target) + (params ? "?" : "");
  } catch {
    return "";
  }
}
