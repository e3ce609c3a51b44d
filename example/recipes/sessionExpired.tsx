import { AuthError, RequireAuth, useAuth } from "react-authed-query";
import { useId, useState, type FormEvent, type ReactElement, type ReactNode } from "react";

/**
 * For a page on which people write: when the server refuses to go on with the session, a dialog asks
 * to sign in again above the page, and the half-written form stays. Whoever is nobody's yet sees
 * `login`, and so does whoever signs out.
 */
export function KeepsForms(props: { login: ReactNode; children: ReactNode }): ReactElement {
  return (
    <RequireAuth pending={<p>One moment …</p>} fallback={<SignInAgain {...props} />} keepExpired>
      {props.children}
    </RequireAuth>
  );
}

function SignInAgain({ login: firstLogin }: { login: ReactNode }): ReactNode {
  const { expiredUser, login, logout } = useAuth();
  const [trouble, setTrouble] = useState("");
  const title = useId();
  if (!expiredUser) return firstLogin;

  async function signIn(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    try {
      // Another user may do so too: then nothing of the first is left, the form neither.
      await login({ email: expiredUser?.["email"], password });
    } catch (error) {
      const isWrong = error instanceof AuthError && error.code === "login_failed";
      setTrouble(isWrong ? "That was not right." : "No connection. Try again.");
    }
  }

  return (
    // Modal, so that nobody goes on writing behind it.
    <dialog ref={(dialog) => dialog?.showModal()} aria-labelledby={title}>
      <form onSubmit={(event) => void signIn(event)}>
        <h2 id={title}>Your session has expired. What you wrote is still here.</h2>
        <input
          name="password"
          type="password"
          aria-label="Password"
          autoComplete="current-password"
        />
        <p role="alert">{trouble}</p>
        <button>Go on</button>
        <button type="button" onClick={() => void logout()}>
          It is not me: discard it
        </button>
      </form>
    </dialog>
  );
}
