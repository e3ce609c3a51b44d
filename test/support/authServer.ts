import { createHash, randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it reached the server. */
export interface ReceivedRequest {
  method: string;
  path: string;
  /** With its `?`. */
  search: string;
  headers: IncomingMessage["headers"];
  body: Buffer;
  /** The access token it carried. */
  token: string | undefined;
  /** The answer was never read: the client went away. */
  aborted: boolean;
}

/** Answers a request in place of the server's own way. Return `"default"` to let the server answer. */
export type Handler = (
  request: ReceivedRequest,
  response: ServerResponse,
) => void | "default" | Promise<void | "default">;

/** A JWT backend on loopback that counts, and can misbehave. */
export interface AuthServer {
  readonly url: string;
  readonly requests: readonly ReceivedRequest[];
  /** How many requests arrived, such as `received("POST /auth/refresh")`, or in all. */
  received(route?: string): number;
  /** Makes every access token handed out so far invalid. */
  expireTokens(): void;
  /** Whether this access token is good, for handlers that ask for one. */
  accepts(token: string | undefined): boolean;
  /** Ends the session: the refresh token is refused from now on. */
  revokeSession(): void;
  /** Answers `route` (`"POST /auth/refresh"`, or a bare path) with this handler from now on. */
  on(route: string, handler: Handler): void;
  /** Goes back to the server's own answers. */
  off(route: string): void;
  /** What a fresh token answer holds, to change it: lifetime in seconds, `iat`, extra claims. */
  tokens: {
    lifetimeSeconds: number;
    now: () => number;
    claims: Record<string, unknown>;
    /** Replaces the JWT by this, say an opaque string. */
    make?: (() => string) | undefined;
    /** Merged into the body of login and refresh. */
    body: Record<string, unknown>;
  };
  /** A cookie jar around `fetch`, and a bound to its connections, as a browser has them. */
  readonly fetch: (input: RequestInfo, init: RequestInit) => Promise<Response>;
  /** Puts a refresh cookie into the jar: someone has signed in before. */
  signInBefore(): void;
  /** The refresh cookie in the jar. */
  cookie(): string | undefined;
  close(): Promise<void>;
}

export async function startAuthServer(): Promise<AuthServer> {
  const requests: ReceivedRequest[] = [];
  const handlers = new Map<string, Handler>();
  const valid = new Set<string>();
  let refreshToken: string | undefined;
  let jar: string | undefined;

  let connections = 0;
  const queue: (() => void)[] = [];

  /** As many at once as a machine can open; a browser opens six. */
  async function connected<Result>(send: () => Promise<Result>): Promise<Result> {
    if (connections >= 100) await new Promise<void>((resolve) => queue.push(resolve));
    connections += 1;
    try {
      return await send();
    } finally {
      connections -= 1;
      queue.shift()?.();
    }
  }

  const tokens: AuthServer["tokens"] = {
    lifetimeSeconds: 600,
    now: () => Date.now(),
    claims: { sub: "u1", name: "Ada" },
    body: {},
  };

  function issueToken(): string {
    const iat = Math.floor(tokens.now() / 1000);
    const token =
      tokens.make?.() ??
      makeJWT({ ...tokens.claims, iat, exp: iat + tokens.lifetimeSeconds, jti: randomUUID() });
    valid.add(token);
    return token;
  }

  const accepts = (token: string | undefined) => token !== undefined && valid.has(token);

  function grantSession(response: ServerResponse): void {
    refreshToken = randomUUID();
    response.setHeader("set-cookie", `refresh=${refreshToken}; HttpOnly; Path=/; SameSite=Strict`);
    sendJSON(response, 200, { accessToken: issueToken(), ...tokens.body });
  }

  function answer(request: ReceivedRequest, response: ServerResponse): void {
    switch (`${request.method} ${request.path}`) {
      case "POST /auth/login": {
        const { password } = JSON.parse(request.body.toString()) as { password?: string };
        if (password === "right") grantSession(response);
        else sendJSON(response, 401, { error: "wrong password" });
        return;
      }
      case "POST /auth/refresh": {
        const cookie = /refresh=([^;]+)/.exec(request.headers.cookie ?? "")?.[1];
        if (refreshToken !== undefined && cookie === refreshToken) grantSession(response);
        else sendJSON(response, 401, { error: "no session" });
        return;
      }
      case "POST /auth/logout": {
        refreshToken = undefined;
        response.setHeader("set-cookie", "refresh=; Max-Age=0; Path=/");
        response.writeHead(204).end();
        return;
      }
    }
    if (!accepts(request.token)) {
      response.setHeader("www-authenticate", 'Bearer error="invalid_token"');
      sendJSON(response, 401, { error: "token expired" });
      return;
    }
    sendJSON(response, 200, {
      path: request.path,
      method: request.method,
      sha256: createHash("sha256").update(request.body).digest("hex"),
    });
  }

  const server = createServer((incoming, response) => {
    response.setHeader("date", new Date(tokens.now()).toUTCString());
    // jsdom's page has another origin, as a cross-origin API would.
    response.setHeader("access-control-allow-origin", incoming.headers.origin ?? "*");
    response.setHeader("access-control-allow-credentials", "true");
    response.setHeader("access-control-allow-headers", "authorization, content-type");
    response.setHeader("access-control-expose-headers", "www-authenticate, date");
    if (incoming.method === "OPTIONS") {
      response.writeHead(204).end();
      return;
    }
    const chunks: Buffer[] = [];
    incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
    incoming.on("end", () => {
      const { pathname, search } = new URL(incoming.url ?? "/", "http://loopback");
      const request: ReceivedRequest = {
        method: incoming.method ?? "",
        path: pathname,
        search,
        headers: incoming.headers,
        body: Buffer.concat(chunks),
        token: /^Bearer (.*)$/.exec(incoming.headers.authorization ?? "")?.[1],
        aborted: false,
      };
      response.on("close", () => {
        request.aborted = !response.writableFinished;
      });
      requests.push(request);
      const handler =
        handlers.get(`${request.method} ${request.path}`) ?? handlers.get(request.path);
      void Promise.resolve(handler ? handler(request, response) : "default").then((result) => {
        if (result === "default") answer(request, response);
      });
    });
  });
  // On a busy machine a client may use a connection at the moment at which the server ends it.
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    received: (route) =>
      route === undefined
        ? requests.length
        : requests.filter(({ method, path }) => route === `${method} ${path}` || route === path)
            .length,
    expireTokens: () => valid.clear(),
    accepts,
    revokeSession() {
      refreshToken = undefined;
      valid.clear();
    },
    on: (route, handler) => handlers.set(route, handler),
    off: (route) => handlers.delete(route),
    tokens,
    async fetch(input, init) {
      const given = input instanceof Request ? input.headers : undefined;
      const headers = new Headers(init.headers ?? given);
      if (jar) headers.set("cookie", `refresh=${jar}`);
      const response = await connected(() => fetch(input, { ...init, headers }));
      for (const line of response.headers.getSetCookie()) {
        const [, value = ""] = /^refresh=([^;]*)/.exec(line) ?? [];
        jar = value === "" ? undefined : value;
      }
      return response;
    },
    signInBefore() {
      refreshToken = randomUUID();
      jar = refreshToken;
    },
    cookie: () => jar,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An unsigned JWT: the client reads its claims and checks nothing. */
export function makeJWT(claims: Record<string, unknown>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${encode({ alg: "none", typ: "at+jwt" })}.${encode(claims)}.signature`;
}

export function sendJSON(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
