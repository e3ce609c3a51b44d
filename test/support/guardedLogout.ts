import { sendJSON, type AuthServer, type Handler } from "./authServer.js";

/**
 * Ends the session of an access token that is still good, and refuses whatever else: a logout behind
 * the guard that also stands before the rest of the API, as most starters have it.
 */
export function guardedLogout({ tokens }: AuthServer, status = 401): Handler {
  return ({ token = "" }, response) => {
    const [, claims = ""] = token.split(".");
    const { exp = 0 } = JSON.parse(Buffer.from(claims, "base64url").toString() || "{}") as {
      exp?: number;
    };
    return exp * 1000 > tokens.now() ? "default" : sendJSON(response, status, {});
  };
}
