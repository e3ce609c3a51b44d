/** What a browser leaves of an answer from another origin, whatever the server exposes. */
const readable = /^(cache-control|content-(language|length|type)|expires|last-modified|pragma)$/;

type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/**
 * A `fetch` that asks and hides as a browser does for a page of this origin: with a preflight, and a
 * `TypeError` for what the server does not allow.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function crossOrigin(fetch: Fetch, page: string): Fetch {
  return async (input, init = {}) => {
    const request = new Request(input, init);
    const sent = new Headers([...request.headers, ["origin", page]]);
    const withCookies = request.credentials === "include";
    const unsafe = [...request.headers.keys()].filter((name) => !isSafelisted(name, request));
    if (unsafe.length > 0) {
      const asked = { "access-control-request-method": request.method, origin: page };
      const preflight = await fetch(request.url, {
        method: "OPTIONS",
        headers: { ...asked, "access-control-request-headers": unsafe.join() },
      });
      check(preflight, page, withCookies);
      const allowed = listed(preflight, "access-control-allow-headers");
      if (!preflight.ok || !unsafe.every((name) => allowed.includes(name))) throw refused("header");
    }
    const body = request.body ? await request.text() : null;
    const { method, credentials } = request;
    const response = await fetch(request.url, { method, credentials, headers: sent, body });
    check(response, page, withCookies);
    const exposed = listed(response, "access-control-expose-headers");
    const seen = [...response.headers].filter(
      ([name]) => readable.test(name) || exposed.includes(name),
    );
    const { status } = response;
    return new Response(status === 204 ? null : await response.text(), { status, headers: seen });
  };
}

/** @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
function isSafelisted(name: string, { headers }: Request): boolean {
  // Outside a browser axios names itself.
  if (name === "user-agent") return true;
  if (name !== "content-type") return /^(accept|accept-language|content-language)$/.test(name);
  return /^(text\/plain|application\/x-www-form-urlencoded|multipart\/form-data)\b/.test(
    headers.get(name) ?? "",
  );
}

function check({ headers }: Response, page: string, withCookies: boolean): void {
  const origin = headers.get("access-control-allow-origin");
  if (origin !== page && (withCookies || origin !== "*")) throw refused("origin");
  const mayHaveCookies = headers.get("access-control-allow-credentials") === "true";
  if (withCookies && !mayHaveCookies) throw refused("credentials");
}

const refused = (what: string) => new TypeError(`Failed to fetch: ${what} not allowed`);

const listed = ({ headers }: Response, name: string) =>
  (headers.get(name) ?? "").toLowerCase().split(/,\s*/);
