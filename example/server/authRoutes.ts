import { Hono, type Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { z } from "zod";
import { readBody } from "./body.js";
import { clientAddress } from "./clientAddress.js";
import type { Park } from "./park.js";
import { isPasswordRight } from "./passwords.js";
import { problem } from "./problems.js";
import { refreshCookie } from "./refreshCookie.js";
import { createUser, findUser, findUserByEmail, type User } from "./users.js";

const credentials = z.object({ email: z.string().max(200), password: z.string().max(200) });
const newUser = z.object({
  name: z.string().trim().min(1, "Tell us your name.").max(80, "At most 80 characters."),
  email: z.email("This is not an e-mail address.").max(200),
  password: z.string().min(10, "At least 10 characters.").max(200, "At most 200 characters."),
});

/** Sign up, sign in, refresh and sign out. */
export function authRoutes(park: Park): Hono {
  const { config, database, accessTokens, refreshTokens, rateLimits, log } = park;
  const routes = new Hono();
  const cookie = refreshCookie(config);
  const addressOf = (context: Context) => clientAddress(context, config.trustedProxies);

  async function answerSession(
    context: Context,
    user: User,
    familyId: string,
    refreshToken: string,
    status: 200 | 201 = 200,
  ): Promise<Response> {
    setCookie(context, cookie.name, refreshToken, cookie.options);
    const accessToken = await accessTokens.issue({ userId: user.id, familyId });
    return context.json({ accessToken, expiresIn: config.accessTokenSeconds, user }, status);
  }

  /** Starts a family, and ends the one of the cookie that came along: one browser, one session. */
  async function startSession(
    context: Context,
    user: User,
    status: 200 | 201 = 200,
  ): Promise<Response> {
    const replaced = await endSession(context);
    if (replaced) log("revoke", { family: replaced, why: "login" });
    const userAgent = (context.req.header("user-agent") ?? "").slice(0, 300);
    const { familyId, refreshToken } = await refreshTokens.startFamily(user.id, userAgent);
    log("login", { user: user.id, family: familyId });
    return answerSession(context, user, familyId, refreshToken, status);
  }

  /** @returns the family that the cookie belonged to, spent or not. */
  async function endSession(context: Context): Promise<string | undefined> {
    const spent = getCookie(context, cookie.name);
    const familyId = spent && (await refreshTokens.familyOf(spent));
    if (familyId) await refreshTokens.revoke(familyId);
    return familyId;
  }

  routes.post("/signup", async (context) => {
    const given = await readBody(context, newUser);
    await rateLimits.login(addressOf(context), given.email);
    const user = await createUser(database, given);
    if (!user) throw problem(409, "email_taken", "There is an account with this address already.");
    return startSession(context, user, 201);
  });

  routes.post("/login", async (context) => {
    const { email, password } = await readBody(context, credentials);
    await rateLimits.login(addressOf(context), email);
    const found = await findUserByEmail(database, email);
    // Hashed whether there is such a user or not, so that the time does not tell.
    const isRight = await isPasswordRight(found?.passwordHash, password);
    if (!found || !isRight) {
      log("login-refused", {});
      throw problem(401, "invalid_credentials", "The address or the password is not right.");
    }
    return startSession(context, found.user);
  });

  routes.post("/refresh", async (context) => {
    await rateLimits.refresh(addressOf(context));
    const presented = getCookie(context, cookie.name);
    if (!presented) {
      log("refresh-refused", { why: "no_session" });
      throw problem(401, "no_session", "Nobody is signed in.");
    }
    const rotation = await refreshTokens.rotate(presented);
    if (rotation.verdict !== "rotated" && rotation.verdict !== "repeated") {
      if (rotation.verdict === "reused") log("reuse", { family: rotation.familyId });
      log("refresh-refused", { family: rotation.familyId, why: rotation.verdict });
      // The cookie stays: it is worth nothing, and this answer may arrive after that of a login,
      // whose cookie it would take away.
      throw problem(401, `session_${rotation.verdict}`, "The session is over. Sign in again.");
    }
    const { userId, familyId, refreshToken, verdict } = rotation;
    const user = await findUser(database, userId);
    if (!user) throw problem(401, "session_unknown", "The session is over. Sign in again.");
    log("refresh", { user: userId, family: familyId, verdict });
    return answerSession(context, user, familyId, refreshToken);
  });

  routes.post("/logout", async (context) => {
    const familyId = await endSession(context);
    if (familyId) log("logout", { family: familyId });
    deleteCookie(context, cookie.name, cookie.options);
    return context.body(null, 204);
  });

  return routes;
}
