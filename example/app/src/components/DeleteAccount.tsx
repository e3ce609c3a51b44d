import { useAuth, useAuthedMutation } from "react-authed-query";
import { useId, useRef, type ReactElement, type SyntheticEvent } from "react";
import { BusyButton } from "./BusyButton.js";
import { Outcome } from "./Outcome.js";
import { announce } from "./SignedOutNotice.js";

/** Deletes one's own account, once a dialog has been told the password. */
export function DeleteAccount(): ReactElement {
  const { logout } = useAuth();
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const deletion = useAuthedMutation({
    request: (password: string) => ({ url: "/me", method: "DELETE", data: { password } }),
    // The server has ended all sessions of the account: what is left is to forget this one.
    onSuccess: () => void logout().then(() => announce("Your account is deleted. Farewell.")),
  });

  function confirm(event: SyntheticEvent<HTMLFormElement>): void {
    event.preventDefault();
    if (deletion.isPending) return;
    // The form has no other field, and no file.
    deletion.mutate(new FormData(event.currentTarget).get("password") as string);
  }

  function reset(): void {
    deletion.reset();
    dialog.current?.querySelector("form")?.reset();
  }

  return (
    <section aria-labelledby={`${id}section`}>
      <h2 id={`${id}section`}>Leave for good</h2>
      <div className="card row">
        <p>Your bookings, your photo and your sessions go with the account.</p>
        <button className="quiet" type="button" onClick={() => dialog.current?.showModal()}>
          Delete my account …
        </button>
      </div>
      <dialog ref={dialog} aria-labelledby={`${id}title`} onClose={reset}>
        <form onSubmit={confirm}>
          <h2 id={`${id}title`}>Delete your account?</h2>
          <p>Nobody can bring it back, nor what you have booked.</p>
          <label>
            Password
            <input name="password" type="password" autoComplete="current-password" required />
          </label>
          <Outcome of={deletion} role="alert" />
          <BusyButton type="submit" className="danger" isBusy={deletion.isPending}>
            Delete it
          </BusyButton>
          <button type="button" onClick={() => dialog.current?.close()}>
            Keep it
          </button>
        </form>
      </dialog>
    </section>
  );
}
