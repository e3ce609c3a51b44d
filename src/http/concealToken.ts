import axios, { type AxiosError, type InternalAxiosRequestConfig } from "axios";
import { fieldsOf } from "../core/vocabulary/values.js";

/** Takes from an error what was added to the config; also from that in it, where axios wraps its own. */
export function concealToken(error: AxiosError, config: InternalAxiosRequestConfig): void {
  // The error of a cancel token has no config, and all its requests share it.
  error.config &&= config;
  error.request &&= withoutHeaders(error.request);
  if (axios.isAxiosError(error.cause)) concealToken(error.cause, config);
}

/**
 * The `request` of an answer without its headers: an `XMLHttpRequest` shows no request header, but
 * Node's request and a fetch `Request` do.
 */
export function withoutHeaders(request: unknown): unknown {
  if (typeof XMLHttpRequest !== "undefined" && request instanceof XMLHttpRequest) return request;
  const { res, url, responseURL = url, method, path } = fieldsOf(request);
  const { responseUrl = responseURL } = fieldsOf(res);
  return { responseURL: responseUrl, res: { responseUrl }, url, method, path };
}
