import { AuthError, type Auth } from "react-authed-query";

/** Once for each browser: the old refresh token buys the cookie. */
export async function exchangeOldToken(auth: Auth): Promise<void> {
  const refreshToken = localStorage.getItem("refreshToken");
  if (!refreshToken) return;
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ refreshToken });
  try {
    await auth.login(({ fetch }) => fetch("/auth/exchange", { method: "POST", headers, body }));
  } catch (error) {
    // Without an answer it is worth another try. A refused one is not.
    if (!(error instanceof AuthError) || error.code !== "login_failed") throw error;
  }
  localStorage.removeItem("refreshToken");
}
