import { useAuth, type AuthError } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { nextTryOf } from "../park.js";
import { BusyButton } from "./BusyButton.js";
import { Heading } from "./Heading.js";
import { Wheel } from "./Wheel.js";

/** Neither the park nor the login page: nobody knows yet which it will be. */
export function Opening(): ReactElement {
  const { error } = useAuth();
  return (
    <main className="opening" aria-busy={error === null}>
      <Wheel />
      {error ? <Unreachable error={error} /> : <p role="status">Opening the gates …</p>}
    </main>
  );
}

/** The library tries again by itself. The button is for those who know that the network is back. */
function Unreachable({ error }: { error: AuthError }): ReactElement {
  const { restore } = useAuth();
  const [isTrying, setIsTrying] = useState(false);

  async function tryNow(): Promise<void> {
    setIsTrying(true);
    // A failure leaves us here, with the `error` that is already shown.
    await restore().catch(() => {});
    setIsTrying(false);
  }

  return (
    <div role="alert">
      <Heading>We cannot reach the park</Heading>
      <p>Nothing is lost. The gates open as soon as there is an answer. {nextTryOf(error)}</p>
      <BusyButton isBusy={isTrying} onClick={() => void tryNow()}>
        {isTrying ? "Trying …" : "Try now"}
      </BusyButton>
    </div>
  );
}
