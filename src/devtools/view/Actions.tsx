import { type ReactElement } from "react";
import type { Auth, AuthState } from "../../index.js";
import { hideTokens } from "../model/wording.js";

export interface ActionsProps {
  auth: Auth;
  state: AuthState;
  report: string;
  /** Tells what became of an action. */
  onReport: (report: string) => void;
}

/** The actions on the session. */
export function Actions({ auth, state, report, onReport }: ActionsProps): ReactElement {
  const { isAuthenticated } = state;

  async function refresh(): Promise<string> {
    if (isAuthenticated) await auth.getAccessToken({ forceRefresh: true });
    else await auth.restore();
    const { status } = auth.getState();
    return status === "authenticated" ? "Refreshed." : `Not refreshed: ${status}.`;
  }

  async function expire(): Promise<string> {
    auth.expireToken();
    return "Expired.";
  }

  async function logout(): Promise<string> {
    const { serverTold } = await auth.logout();
    return serverTold ? "Logged out." : "Logged out here: the server does not know yet.";
  }

  function act(action: () => Promise<string>): void {
    // A button that is disabled would lose the focus: after a logout, say.
    if (!isAuthenticated && action !== refresh) return;
    onReport("…");
    action().then(onReport, (error: unknown) => {
      onReport(hideTokens(error instanceof Error ? `Failed: ${error.message}` : "Failed."));
    });
  }

  return (
    <div className="actions">
      <button type="button" onClick={() => act(refresh)}>
        Refresh now
      </button>
      <button type="button" aria-disabled={!isAuthenticated} onClick={() => act(expire)}>
        Expire the token here
      </button>
      <button type="button" aria-disabled={!isAuthenticated} onClick={() => act(logout)}>
        Log out
      </button>
      <span role="status">{report}</span>
    </div>
  );
}
