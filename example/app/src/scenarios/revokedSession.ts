import code from "../../../recipes/sessionExpired.tsx?of=KeepsForms&excerpt";
import { letterIn } from "./letter.js";
import type { Scenario } from "./scenario.js";
import { revokeSession } from "./steps.js";
import { untilPage } from "./untilPage.js";

export const revokedSession: Scenario = {
  id: "revoked-session",
  title: "The session is revoked under a half-written form",
  expectation:
    "Someone ends your session from elsewhere, and the next refresh is refused. A dialog asks for your password above the page, and your letter is as you left it.",
  action: "Revoke it",
  code,
  async run({ auth, signal, observe, ask, confirm }) {
    const letter = letterIn(document);
    if (letter.value === "") letter.value = "Dear park, last night an owl";
    const { user } = auth.getState();
    const written = letter.value;
    const isKept = () => letter.isConnected && letter.value === written;
    await revokeSession(auth);
    const seen = observe();
    // The next request finds out. It fails, and says so to whoever sent it.
    auth.api.get("/me").catch(() => {});
    const { reason } = await seen.first("session-ended");
    confirm(reason === "refused", "The session is over.");
    await untilPage(() => asksForPassword(document), signal);
    confirm(isKept(), "A dialog asks for the password. The letter is still there.");
    ask("Sign in again in the dialog.");
    await seen.first("session-started");
    confirm(auth.getState().user?.id === user?.id, "The same person has signed in again.");
    await untilPage(() => !asksForPassword(document), signal);
    confirm(isKept(), "The dialog is gone. The letter is as it was.");
  },
};

/** A dialog that nobody can write behind. */
function asksForPassword(page: Document): boolean {
  return page.querySelector("dialog:modal input[type=password]") !== null;
}
