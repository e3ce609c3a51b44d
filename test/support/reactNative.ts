import { AbortController, AbortSignal } from "abort-controller";
import { JSDOM } from "jsdom";
import { onTestFinished, vi } from "vitest";
import { fetch, Headers, Request, Response } from "whatwg-fetch";
import { takeAway } from "./takeAway.js";

/** What browsers and Node have, and React Native has not. */
const lacking = [
  "BroadcastChannel",
  "DOMException",
  "TextDecoder",
  "ReadableStream",
  "document",
  "localStorage",
  "structuredClone",
];

/**
 * Gives the test React Native's globals until it ends: its `AbortController` and its `fetch` are these
 * very packages, over an `XMLHttpRequest`, which is jsdom's here, with the cookies of one server.
 */
export function becomeReactNative(serverURL: string): void {
  const { window } = new JSDOM("", { url: serverURL });
  takeAway(...lacking.map((name) => [globalThis, name] as const));
  const globals = {
    ...{ AbortController, AbortSignal, fetch, Headers, Request, Response },
    XMLHttpRequest: window.XMLHttpRequest,
    navigator: { product: "ReactNative" },
  };
  for (const [name, value] of Object.entries(globals)) vi.stubGlobal(name, value);
  onTestFinished(() => {
    vi.unstubAllGlobals();
    window.close();
  });
}
