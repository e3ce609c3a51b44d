import { AuthError, RequireAuth, useAuth } from "react-authed-query";
import {
  useId,
  useLayoutEffect,
  useRef,
  useState,
  type FormEvent,
  type ReactElement,
  type ReactNode,
  type RefObject,
} from "react";

/**
 * For a page on which people write: when the server refuses to go on with the session, a dialog asks
 * to sign in again above the page, and the half-written form stays. Whoever is nobody's yet sees
 * `login`, and so does whoever signs out.
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
  return expiredUser ? <PasswordDialog email={String(expiredUser["email"])} /> : login;
}

function PasswordDialog({ email }: { email: string }): ReactElement {
  const { login, logout } = useAuth();
  const [trouble, setTrouble] = useState("");
  const [isSending, setIsSending] = useState(false);
  const dialog = useModal();
  const id = useId();

  async function signIn(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    if (isSending) return;
    const password = new FormData(event.currentTarget).get("password");
    setIsSending(true);
    setTrouble("");
    try {
      await login({ email, password });
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
          You were signed in as <strong>{email}</strong>. What you wrote is still here.
        </p>
        {/* Tells a password manager whose password is asked for. */}
        <input hidden readOnly name="email" autoComplete="username" value={email} />
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
