import { Hono, type Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

type Body = Record<string, unknown>;

/** Keeps a backend's refresh token in a cookie that no script can read. */
export function refreshCookie(backend: {
  login: (body: Body) => Promise<Response>;
  refresh: (refreshToken: string) => Promise<Response>;
  logout?: (refreshToken: string) => Promise<Response>;
  /** How long the refresh token lives; 30 days if omitted. */
  lifetimeSeconds?: number;
}): Hono {
  const { login, refresh, logout, lifetimeSeconds: maxAge = 30 * 24 * 3600 } = backend;
  const options = { path: "/", httpOnly: true, secure: true, sameSite: "Strict" } as const;

  async function hide(context: Context, answer: Response): Promise<Response> {
    if (!answer.ok) return failure(answer);
    let token: string | undefined;
    const body: unknown = JSON.parse((await answer.text()) || "{}", (name, value: unknown) => {
      if (typeof value !== "string" || !/^refresh(_?token)?$/i.test(name)) return value;
      token = value; // wherever in the answer it stands
      return undefined;
    });
    if (token) setCookie(context, "refresh", token, { ...options, maxAge });
    return context.json(body);
  }

  return new Hono()
    .use(async ({ req, body }, next) =>
      req.header("sec-fetch-site") === "cross-site" ? body(null, 403) : next(),
    )
    .post("/login", async (context) => {
      // A form on another site can sign a visitor in as its owner, but it cannot send JSON.
      const isJSON = context.req.header("content-type")?.startsWith("application/json");
      if (!isJSON) return context.body(null, 415);
      return hide(context, await login(await context.req.json()));
    })
    .post("/refresh", async (context) => {
      const refreshToken = getCookie(context, "refresh");
      if (!refreshToken) return context.body(null, 401);
      return hide(context, await refresh(refreshToken));
    })
    .post("/logout", async (context) => {
      const refreshToken = getCookie(context, "refresh");
      const answer = refreshToken ? await logout?.(refreshToken) : undefined;
      // Not told: the cookie stays, for the page comes back with it.
      if (answer && (answer.status === 429 || answer.status >= 500)) return failure(answer);
      deleteCookie(context, "refresh", options);
      return context.body(null, 204);
    });
}

/** What the backend says against it, and for how long. */
function failure({ body, status, headers }: Response): Response {
  const passedOn = ["content-type", "retry-after"].flatMap((name) => {
    const value = headers.get(name);
    return value ? [[name, value] as [string, string]] : [];
  });
  return new Response(body, { status, headers: passedOn });
}
