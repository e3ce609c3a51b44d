import { Axios, AxiosHeaders, type InternalAxiosRequestConfig } from "axios";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOriginGate } from "../../src/core/authServer/origins.js";
import { browserPlatform } from "../../src/core/platform/browserPlatform.js";
import { requestURL } from "../../src/http/requestURL.js";

const api = "https://api.example.com";

const piece = fc.constantFrom(
  ...["/", "/", "\\", "\t", " ", "@", ":", "?", "#", "a", "orders", "1", "..", ".", "%2f"],
  ...["evil.example", "api.example.com", "http", "https:", "blob:", "//"],
);
const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(""));
const request = fc.record({
  baseURL: fc.oneof(
    fc.constantFrom(undefined, "", "/", "/v1", api, `${api}/v1/`, "http:", "https:", "https://x@"),
    fc.constantFrom("//", "//evil.example", "https://evil.example/", `${api}@evil.example`),
    text,
  ),
  // Half of them as apps write them.
  url: fc.oneof(
    text,
    fc.constantFrom(
      "/orders",
      "orders/1",
      "/a?b=//c",
      "a#b",
      "api.example.com",
      "//api.example.com ",
      `${api}/orders`,
      `${api}:443?b`,
      `${api}:444/`,
      `${api}.evil.example/`,
      `https://evil.example/${api}`,
      `${api} `,
      "",
      undefined,
    ),
  ),
  params: fc.constantFrom(undefined, { next: "//evil.example" }),
  allowAbsoluteUrls: fc.constantFrom(undefined, null, true, false),
});
const page = fc.constantFrom(
  "https://app.example.com/page",
  `${api}/app`,
  "https://evil.example/",
  "http://localhost/",
  undefined,
);

/** The URL as axios builds it; `undefined` if it refuses to, and so will not send. */
function built(config: object): string | undefined {
  try {
    return new Axios({}).getUri(config);
  } catch {
    return undefined;
  }
}

/** Where a URL leads, as the browser resolves it; a blob leads nowhere. */
function originOf(url: string, base: string | undefined): string | undefined {
  try {
    const { origin, protocol } = new URL(url, base);
    return protocol === "blob:" ? undefined : origin;
  } catch {
    return undefined;
  }
}

describe("the judgement on a request of axios", () => {
  test("is that on the URL which axios builds", () => {
    let documentURL: string | undefined;
    const platform = { ...browserPlatform, documentURL: () => documentURL };
    const origins = createOriginGate(api, [], platform);
    let carried = 0;
    fc.assert(
      fc.property(request, page, (given, base) => {
        documentURL = base;
        const config = { ...given, headers: new AxiosHeaders() };
        const target = built(given);
        if (target === undefined) return;
        const isOurs = originOf(target, base) === api;
        // axios' types know no optional field that is there and undefined.
        expect(origins.allows(requestURL(config as InternalAxiosRequestConfig))).toBe(isOurs);
        if (isOurs) carried += 1;
      }),
      { numRuns: 10_000 },
    );
    expect(carried).toBeGreaterThan(1000);
  });
});
