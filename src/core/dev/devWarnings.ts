import type { Session } from "../session/session.js";
import type { TabsSettings } from "../tabs/tabs.js";
import { watchAuthServer, type AuthServerWatch } from "./answers/watchAuthServer.js";
import { watchRequests, type RequestWatch } from "./requests/watchRequests.js";
import type { DevContext } from "./warning/devContext.js";
import type { DevOptions } from "./warning/seenAnswer.js";
import { warnOnce } from "./warning/warnOnce.js";

/**
 * Names likely set-up mistakes in the console of a page, once each, with the remedy. It listens and
 * changes nothing, says names but no values, and belongs in no production bundle.
 */
export type DevWarnings = Omit<AuthServerWatch, "purposeInCall"> & RequestWatch;

/** The dependencies of the warnings. */
export interface WarningsDependencies extends Pick<DevContext, "platform" | "origins" | "signal"> {
  readonly options: DevOptions & { baseURL: string; header: string; tabs: TabsSettings };
  /** The key that the tabs of the app share. */
  readonly key: string;
  readonly session: Pick<Session, "getState">;
}

export function createDevWarnings(given: WarningsDependencies): DevWarnings {
  const { platform, origins, options, key, session, signal } = given;
  const { baseURL, header, tabs } = options;
  const context: DevContext = {
    options,
    baseURL,
    origins,
    platform,
    app: tabs.isTalking ? key : undefined,
    header,
    isSignedIn: () => session.getState().isAuthenticated,
    signal,

    warn(...faults) {
      // A call that is cut off as the Auth is disposed of is no mistake.
      if (signal.aborted) return;
      for (const fault of faults) if (fault) warnOnce(signal, fault.sentence, fault.mistake);
    },

    inPage(look) {
      try {
        const page = platform.documentURL();
        if (page !== undefined) look(new URL(page));
      } catch {
        // A URL that is none, say: to look for a mistake must not be one.
      }
    },
  };
  const { purposeInCall, ...authServerWatch } = watchAuthServer(context);
  return { ...authServerWatch, ...watchRequests(context, purposeInCall) };
}
