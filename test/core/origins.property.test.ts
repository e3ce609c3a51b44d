import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createOriginGate } from "../../src/core/authServer/origins.js";
import { browserPlatform } from "../../src/core/platform/browserPlatform.js";

const api = "https://api.example.com";
const files = "https://files.example.com";

const gateOn = (documentURL: string | undefined, baseURL = `${api}/v1`) =>
  createOriginGate(baseURL, [files], { ...browserPlatform, documentURL: () => documentURL });

/** What people have tried: everything that a parser may read in another way than an eye. */
const piece = fc.constantFrom(
  ...["/", "\\", "\t", "\n", " ", "@", ":", "?", "#", "%2f", "%5c", ".", "..", "。", "\u0000"],
  ...["https:", "http:", "blob:", "data:", "javascript:", "file:", "HTTPS:", "443", api],
  ...[
    "api.example.com",
    "API.EXAMPLE.COM",
    "evil.example",
    "files.example.com",
    "ａpi.example.com",
  ],
  ...["user:password", "null", "[::1]", "v1"],
);
const url = fc.oneof(
  fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join("")),
  fc.webUrl(),
  fc.string(),
);
const page = fc.constantFrom(
  ...["https://app.example.com/page", api, `${api}/app/`, "http://api.example.com/", "data:,x"],
  ...["file:///index.html", undefined],
);

describe("the origins that may see the token", () => {
  test("are where an allowed URL leads, as fetch itself reads it", () => {
    fc.assert(
      fc.property(url, page, fc.constantFrom(`${api}/v1`, "/"), (text, base, baseURL) => {
        fc.pre(gateOn(base, baseURL).allows(text));
        // Without userinfo, which fetch refuses; the host is what counts.
        const { protocol, host } = new URL(new Request(withoutUserinfo(new URL(text, base))).url);
        expect(protocol).toMatch(/^https?:$/);
        const ours = URL.canParse(baseURL, base) ? new URL(baseURL, base).origin : files;
        expect([ours, files]).toContain(`${protocol}//${host}`);
      }),
      { numRuns: 2000, maxSkipsPerRun: 1000 },
    );
  });

  test("are open to every path of theirs", () => {
    fc.assert(
      fc.property(fc.constantFrom(api, files), fc.webPath(), page, (origin, path, base) => {
        expect(gateOn(base).allows(origin + path)).toBe(true);
      }),
    );
  });

  test("are closed to every other site", () => {
    fc.assert(
      fc.property(fc.webUrl(), page, (text, base) => {
        const isOurs = [api, files].includes(new URL(text).origin);
        expect(gateOn(base).allows(text)).toBe(isOurs);
      }),
    );
  });

  test("follow a <base href> that changes", () => {
    let documentURL = `${api}/page`;
    const gate = createOriginGate("/", [], { ...browserPlatform, documentURL: () => documentURL });
    expect([gate.allows(`${api}/orders`), gate.allows(`${files}/orders`)]).toEqual([true, false]);
    documentURL = `${files}/page`;
    expect([gate.allows(`${api}/orders`), gate.allows(`${files}/orders`)]).toEqual([false, true]);
  });

  test("have a name: a page from a file has none", () => {
    expect(gateOn("file:///index.html", "/").allows("null/orders")).toBe(false);
  });
});

function withoutUserinfo(target: URL): URL {
  target.username = "";
  target.password = "";
  return target;
}
