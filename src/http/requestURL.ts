import type { InternalAxiosRequestConfig } from "axios";
import { joinURL } from "../core/authServer/endpoints.js";

type Target = Pick<InternalAxiosRequestConfig, "baseURL" | "url" | "allowAbsoluteUrls" | "params">;

/**
 * The URL as axios' adapters build it, from this config alone. Joined by hand: `getUri()` costs more
 * than the rest of what is added to a request. Of `params` no more than the `?`: what follows that
 * changes no origin, and the app's serialiser is not ours to call.
 */
export function requestURL({ baseURL, url = "", allowAbsoluteUrls, params }: Target): string {
  const joined =
    baseURL && url ? joinURL(baseURL, url, allowAbsoluteUrls !== false) : baseURL || url;
  return params ? `${joined}?` : joined;
}
