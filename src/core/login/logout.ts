import type { Session } from "../session/session.js";
import type { Tabs } from "../tabs/tabs.js";
import type { PendingLogout } from "./pendingLogout.js";

/** Ends the session within the call, here and in all tabs; then tells the server. Never rejects. */
export type Logout = () => Promise<{ serverTold: boolean }>;

/** What a logout depends on. */
export interface LogoutDependencies {
  readonly session: Session;
  readonly tabs: Tabs;
  readonly pendingLogout: PendingLogout;
}

export function createLogout({ session, tabs, pendingLogout }: LogoutDependencies): Logout {
  return async () => {
    const before = session.currentToken();
    const { token } = tabs.current();
    // Another tab may have signed out at the same moment, and ended this session by that.
    const isEndedElsewhere = before?.scope.endedBy === "other-tab";
    pendingLogout.begin(token ?? (isEndedElsewhere ? before : undefined));
    session.end("logout");
    return { serverTold: await pendingLogout.tell() };
  };
}
