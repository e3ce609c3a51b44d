import { AuthError, RequireAuth, useAuth } from "react-authed-query";
import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type ReactElement,
  type ReactNode,
  type RefObject,
  type SyntheticEvent,
} from "react";

/**
 * For a page on which people write: when the server refuses to go on with the session, a dialog asks
 * to sign in again above the page, and the half-written form stays. Whoever is nobody's yet sees
 * `login`, and so does whoever signs out.
 *
 * Queries are asked again by themselves. What was being sent when the server refused has failed, and
 * is not sent again: the person presses the button once more, and the form says that it has to be.
 */
export function KeepsForms(props: {
  pending: ReactNode;
  login: ReactNode;
  children: ReactNode;
}): ReactElement {
  const { pending, login, children } = props;
  return (
    <RequireAuth pending={pending} fallback={<SignInAgain login={login} />} keepExpired>
      {children}
    </RequireAuth>
  );
}

function SignInAgain({ login }: { login: ReactNode }): ReactNode {
  const { expiredUser } = useAuth();
  if (!expiredUser) return login;
  // After a reload the user may be no more than the token's claims, and those need not have it.
  const email: unknown = expiredUser["email"];
  return <PasswordDialog email={typeof email === "string" ? email : undefined} />;
}

function PasswordDialog({ email }: { email: string | undefined }): ReactElement {
  const { login, logout } = useAuth();
  const [trouble, setTrouble] = useState("");
  const [isSending, setIsSending] = useState(false);
  const dialog = useModal();
  const id = useId();

  async function signIn(event: SyntheticEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    const form = new FormData(event.currentTarget);
    setIsSending(true);
    setTrouble("");
    try {
      await login({ email: form.get("email"), password: form.get("password") });
    } catch (error) {
      const isWrong = error instanceof AuthError && error.code === "login_failed";
      setTrouble(isWrong ? "That was not right." : "That did not work. Try again in a moment.");
    }
    setIsSending(false);
  }

  return (
    <dialog ref={dialog} aria-labelledby={`${id}title`} aria-describedby={`${id}whose`}>
      <form onSubmit={(event) => void signIn(event)}>
        <h2 id={`${id}title`}>Your session has expired</h2>
        <p id={`${id}whose`}>
          {email && (
            <>
              You were signed in as <strong>{email}</strong>.{" "}
            </>
          )}
          What you wrote is still here.
        </p>
        {email ? (
          // Tells a password manager whose password is asked for.
          <input hidden readOnly name="email" autoComplete="username" value={email} />
        ) : (
          <label>
            E-mail
            <input name="email" type="email" autoComplete="username" required />
          </label>
        )}
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        <p role="alert">{trouble}</p>
        <button>{isSending ? "One moment …" : "Go on"}</button>
        {/* Ends what was kept of the session: the page and what is written on it are gone. */}
        <button type="button" onClick={() => void logout()}>
          Not you? Sign in as someone else
        </button>
      </form>
    </dialog>
  );
}

/**
 * For a `<dialog>` that is modal as long as it is there, so that nobody goes on writing behind it. It
 * takes the focus, and at its end gives it back to where the person was.
 */
function useModal(): RefObject<HTMLDialogElement | null> {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const dialog = ref.current;
    if (!dialog) return undefined;
    const stay = (event: Event) => event.preventDefault();
    const open = () => {
      if (!dialog.open) dialog.showModal();
    };
    open();
    dialog.addEventListener("cancel", stay);
    // Browsers let a second Escape close it, whatever the first was answered.
    dialog.addEventListener("close", open);
    return () => {
      dialog.removeEventListener("cancel", stay);
      dialog.removeEventListener("close", open);
      dialog.close();
    };
  }, []);
  return ref;
}
