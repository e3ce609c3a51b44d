import { http, HttpResponse, type RequestHandler } from "msw";

export interface MockUser {
  id: string;
  name: string;
  email: string;
  password: string;
}

/** A session of the mocked server: its refresh token is good once. */
interface Session {
  user: MockUser;
  refreshToken: string;
  accessToken: string;
}

/**
 * Login, refresh and logout of a server that rotates: each refresh brings another refresh token, and
 * one that comes a second time ends the session, for it may have been stolen.
 */
export function createAuthHandlers(users: MockUser[], api = "*/api"): AuthHandlers {
  const sessions = new Map<string, Session>();
  let issued = 0;

  function issue(id: string, user: MockUser) {
    issued += 1;
    const session = { user, refreshToken: `${id}.${issued}`, accessToken: `access-${issued}` };
    sessions.set(id, session);
    const { password: _, ...shown } = user;
    const cookie = `refresh=${session.refreshToken}; Path=/; HttpOnly; SameSite=Strict`;
    return HttpResponse.json(
      { accessToken: session.accessToken, expiresIn: 300, user: shown },
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
        return user ? issue(`s${issued + 1}`, user) : refused();
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
        ({ accessToken }) => request.headers.get("authorization") === `Bearer ${accessToken}`,
      )?.user,
    revokeAll: () => sessions.clear(),
  };
}

/** The handlers, and what the other handlers and the tests need of the sessions. */
export interface AuthHandlers {
  handlers: RequestHandler[];
  /** Whose request it is; `undefined` means 401. */
  userOf(request: Request): MockUser | undefined;
  /** Ends all sessions. */
  revokeAll(): void;
}
