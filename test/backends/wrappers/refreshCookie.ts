import { Hono, type Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";

type Body = Record<string, unknown>;

/** Keeps a backend's refresh token in a cookie that no script can read. */
export function refreshCookie(backend: {
  login: (body: Body) => Promise<Response>;
  refresh: (refreshToken: string) => Promise<Response>;
  logout?: (refreshToken: string) => Promise<Response>;
}): Hono {
  const options = { path: "/", httpOnly: true, secure: true, sameSite: "Strict" } as const;

  async function hide(context: Context, answer: Response): Promise<Response> {
    const body = JSON.parse((await answer.text()) || "{}") as Body;
    const { refresh, refreshToken, refresh_token, ...rest } = body;
    const token = refresh ?? refreshToken ?? refresh_token;
    if (typeof token === "string") setCookie(context, "refresh", token, options);
    return context.json(rest, answer.status as 200);
  }

  return new Hono()
    .post("/login", async (context) => hide(context, await backend.login(await context.req.json())))
    .post("/refresh", async (context) => {
      const refreshToken = getCookie(context, "refresh");
      if (!refreshToken) return context.body(null, 401);
      return hide(context, await backend.refresh(refreshToken));
    })
    .post("/logout", async (context) => {
      const refreshToken = deleteCookie(context, "refresh", options);
      if (refreshToken) await backend.logout?.(refreshToken);
      return context.body(null, 204);
    });
}
