import { http, HttpResponse, type RequestHandler } from "msw";

export interface MockUser {
  id: string;
  name: string;
  email: string;
  password: string;
}

/** A session of the mocked server: its refresh token is good once. */
export interface MockSession {
  user: MockUser;
  refreshToken: string;
  accessToken: string;
  /** When the access token is good no more, in milliseconds since the epoch. */
  expiresAt: number;
}

export interface MockSettings {
  api?: string;
  /** How long an access token is good, in seconds. */
  expiresIn?: number;
  /** What the server remembers, by the id of the session. */
  sessions?: Map<string, MockSession>;
}

/**
 * Login, refresh and logout of a server that rotates: each refresh brings another refresh token, and
 * one that comes a second time ends the session, for it may have been stolen.
 */
export function createAuthHandlers(
  users: MockUser[],
  { api = "*/api", expiresIn = 300, sessions = new Map() }: MockSettings = {},
): AuthHandlers {
  function issue(id: string, user: MockUser) {
    const refreshToken = `${id}.${crypto.randomUUID()}`;
    const accessToken = crypto.randomUUID();
    sessions.set(id, { user, refreshToken, accessToken, expiresAt: Date.now() + expiresIn * 1000 });
    const { password: _, ...shown } = user;
    const cookie = `refresh=${refreshToken}; Path=/; HttpOnly; SameSite=Strict`;
    return HttpResponse.json(
      { accessToken, expiresIn, user: shown },
      { headers: { "Set-Cookie": cookie } },
    );
  }

  const sessionId = (cookie = "") => cookie.split(".")[0] ?? "";
  const refused = () => HttpResponse.json({ detail: "refused" }, { status: 401 });

  return {
    handlers: [
      http.post(`${api}/auth/login`, async ({ request }) => {
        const { email, password } = (await request.json()) as Partial<MockUser>;
        const user = users.find((each) => each.email === email && each.password === password);
        return user ? issue(crypto.randomUUID(), user) : refused();
      }),
      http.post(`${api}/auth/refresh`, ({ cookies }) => {
        const id = sessionId(cookies["refresh"]);
        const session = sessions.get(id);
        if (session && session.refreshToken === cookies["refresh"]) return issue(id, session.user);
        sessions.delete(id);
        return refused();
      }),
      http.post(`${api}/auth/logout`, ({ cookies }) => {
        sessions.delete(sessionId(cookies["refresh"]));
        return new HttpResponse(null, {
          status: 204,
          headers: { "Set-Cookie": "refresh=; Path=/; HttpOnly; Max-Age=0" },
        });
      }),
    ],
    userOf: (request) =>
      [...sessions.values()].find(
        ({ accessToken, expiresAt }) =>
          request.headers.get("authorization") === `Bearer ${accessToken}` &&
          Date.now() < expiresAt,
      )?.user,
    revokeAll: () => sessions.clear(),
  };
}

/** The handlers, and what the other handlers and the tests need of the sessions. */
export interface AuthHandlers {
  handlers: RequestHandler[];
  /** Whose request it is; `undefined` means 401: no token, or one that is revoked or has expired. */
  userOf(request: Request): MockUser | undefined;
  /** Ends all sessions. */
  revokeAll(): void;
}
