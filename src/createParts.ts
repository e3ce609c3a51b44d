import { createIsAuthCall, type IsAuthCall } from "./core/authServer/authCalls.js";
import { createAuthServer, type AuthServer } from "./core/authServer/authServer.js";
import { endpointOf, resolveURL, sendsToken } from "./core/authServer/endpoints.js";
import { createOriginGate, type OriginGate } from "./core/authServer/origins.js";
import { createReader } from "./core/authServer/readAnswer.js";
import { createDevWarnings, type DevWarnings } from "./core/dev/devWarnings.js";
import { createLogin, type Login } from "./core/login/login.js";
import { createLogout, type Logout } from "./core/login/logout.js";
import { createPendingLogout, type PendingLogout } from "./core/login/pendingLogout.js";
import type { Listeners } from "./core/platform/listeners.js";
import type { Platform } from "./core/platform/platform.js";
import { createRefresher, type Refresher } from "./core/refresh/refresh.js";
import { createRestoration, type Restoration } from "./core/refresh/restore.js";
import { createSendAuthorized, type SendAuthorized } from "./core/request/sendAuthorized.js";
import { createSession, type Session } from "./core/session/session.js";
import { createCrossTabLock } from "./core/tabs/crossTabLock.js";
import { createTabs } from "./core/tabs/createTabs.js";
import type { Tabs } from "./core/tabs/tabs.js";
import type { AuthEvent } from "./core/vocabulary/events.js";
import type { Settings } from "./options.js";

/** What an Auth is made of. */
export interface Parts {
  /** What the tabs of one app have in common, and those of another do not. */
  readonly key: string;
  readonly origins: OriginGate;
  readonly isAuthCall: IsAuthCall;
  readonly session: Session;
  readonly tabs: Tabs;
  readonly refresher: Refresher;
  readonly pendingLogout: PendingLogout;
  readonly login: Login;
  readonly logout: Logout;
  readonly restoration: Restoration;
  readonly send: SendAuthorized;
  /** In development: told of what is sent without the session. */
  readonly sentPlain: DevWarnings["sentPlain"] | undefined;
}

/** What the parts depend on. */
export interface PartsDependencies {
  readonly settings: Settings;
  readonly platform: Platform;
  readonly events: Listeners<AuthEvent>;
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

/** Makes the parts, each from those before it. Starts nothing. */
export function createParts(dependencies: PartsDependencies): Parts {
  const { settings, platform, events, signal } = dependencies;
  const { shareToken, isTalking } = settings.tabs;
  const common = { platform, identify: settings.identify, emit: events.call };
  const session = createSession({ ...common, ...settings });
  if (settings.onLogout) session.onLogout(settings.onLogout);
  if (settings.onEvent) events.add(settings.onEvent);
  const { origins, key, authServer, devWarnings } = createServer(dependencies, session);
  const tabs = createTabs({ ...common, session, key, isTalking, shareToken });
  const withLock = createCrossTabLock({
    platform,
    lockName: isTalking ? key : undefined,
    patienceMs: settings.refreshTimeoutMs + 2000,
    signal,
  });

  const shared = { ...common, session, tabs, withLock, authServer };
  const refresher = createRefresher({
    ...shared,
    needsToken: sendsToken(settings, "refresh"),
    inBackground: settings.inBackground,
  });
  const pendingLogout = createPendingLogout({ ...shared, options: settings });
  const restoration = createRestoration({
    ...shared,
    refresher,
    mode: settings.restore,
    pendingLogout,
  });
  const sendAuthorized = createSendAuthorized({
    ...shared,
    refresher,
    restoration,
    refreshOn: settings.refreshOn,
    emitter: () => (events.size() > 0 ? events.call : undefined),
  });
  return {
    key,
    origins,
    isAuthCall: createIsAuthCall(settings, origins),
    session,
    tabs,
    refresher,
    pendingLogout,
    login: createLogin({ ...shared, refresher, pendingLogout }),
    logout: createLogout({ ...shared, pendingLogout }),
    restoration,
    send: devWarnings?.send(sendAuthorized) ?? sendAuthorized,
    sentPlain: devWarnings?.sentPlain,
  };
}

/** Where the auth server is, and what speaks to it. */
interface Server {
  readonly origins: OriginGate;
  /** What the tabs of one app have in common, and those of another do not. */
  readonly key: string;
  readonly authServer: AuthServer;
  readonly devWarnings: DevWarnings | undefined;
}

function createServer({ settings, platform, signal }: PartsDependencies, session: Session): Server {
  const origins = createOriginGate(settings.baseURL, settings.allowedOrigins, platform);
  const refresh = endpointOf(settings, "refresh");
  // A function is taken to call the API.
  const refreshURL = resolveURL("url" in refresh ? refresh.url : "", origins);
  const originOf = (url: string) => origins.resolve(url)?.origin;
  const isOwnOrigin = (url: string) => originOf(url) === originOf(refreshURL);
  const read = createReader({ ...settings, isOwnOrigin });
  const { baseURL, header, tabs } = settings;
  const key = ["react-authed-query", refreshURL, tabs.name, header].join(" ");
  const devWarnings =
    process.env.NODE_ENV === "production"
      ? undefined
      : createDevWarnings({
          options: settings,
          baseURL,
          origins,
          platform,
          app: tabs.isTalking ? key : undefined,
          header,
          isSignedIn: () => session.getState().isAuthenticated,
          signal,
        });
  const authServer = createAuthServer({
    options: settings,
    platform,
    origins,
    readAnswer: devWarnings?.readAnswer(read) ?? read,
    currentToken: () => session.currentToken()?.value,
    signal,
  });
  return { origins, key, authServer, devWarnings };
}
