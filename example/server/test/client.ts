export const ada = { email: "ada@park.example", password: "rollercoaster-1" };
export const grace = { email: "grace@park.example", password: "ferris-wheel-2" };

/** A browser, as far as this API needs one: it keeps cookies and marks where it is. */
export interface Client {
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Reply>;
  get(path: string, token?: string): Promise<Reply>;
  put(path: string, body: unknown, token?: string): Promise<Reply>;
  delete(path: string, token?: string): Promise<Reply>;
  send(
    method: string,
    path: string,
    body: unknown,
    headers: Record<string, string>,
  ): Promise<Reply>;
  cookie: string | undefined;
  /** The last `Set-Cookie` line. */
  setCookie: string;
}

/** An answer, read. */
export interface Reply {
  status: number;
  headers: Headers;
  body: {
    accessToken: string;
    user: { name: string; email: string };
    error: string;
    detail: string;
    fields: Record<string, string>;
  } & Record<string, unknown>[];
}

/** @param url - where the server is. */
export function createClient(url: string): Client {
  async function send(path: string, init: RequestInit): Promise<Reply> {
    const response = await fetch(url + path, {
      ...init,
      headers: {
        "sec-fetch-site": "same-origin",
        "x-requested-with": "park",
        ...(client.cookie && { cookie: client.cookie }),
        ...Object.fromEntries(new Headers(init.headers)),
      },
    });
    client.setCookie = response.headers.getSetCookie().at(-1) ?? client.setCookie;
    const [pair] = (response.headers.getSetCookie().at(-1) ?? "").split(";");
    if (pair) client.cookie = pair.endsWith("=") ? undefined : pair;
    const text = await response.text();
    const isJSON = response.headers.get("content-type")?.includes("json");
    // A test reads from the body what its request is answered with.
    const body = (isJSON ? JSON.parse(text) : text) as Reply["body"];
    return { status: response.status, headers: response.headers, body };
  }
  const bearer = (token: string | undefined): Record<string, string> =>
    token === undefined ? {} : { authorization: `Bearer ${token}` };
  const client: Client = {
    send: (method, path, body, headers) =>
      send(path, {
        method,
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
    cookie: undefined,
    setCookie: "",
    get: (path, token) => send(path, { headers: bearer(token) }),
    put: (path, body, token) =>
      send(path, {
        method: "PUT",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...bearer(token) },
      }),
    delete: (path, token) => send(path, { method: "DELETE", headers: bearer(token) }),
    post: (path, body = {}, headers = {}) =>
      send(path, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json", ...headers },
      }),
  };
  return client;
}
