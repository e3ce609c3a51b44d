import { createAuthServer } from "./core/authServer/authServer.js";
import {
  createIsAuthCall,
  endpointOf,
  resolveURL,
  type IsAuthCall,
} from "./core/authServer/endpoints.js";
import { createOriginGate, type OriginGate } from "./core/authServer/origins.js";
import { createReader } from "./core/authServer/readAnswer.js";
import { createDevWarnings, type DevWarnings } from "./core/dev/devWarnings.js";
import { createLogin, type Login } from "./core/login/login.js";
import { createLogout, type Logout } from "./core/login/logout.js";
import type { Events } from "./core/platform/events.js";
import type { Platform } from "./core/platform/platform.js";
import { createRefresher, type Refresher } from "./core/refresh/refresh.js";
import { createRestoration, type Restoration } from "./core/refresh/restore.js";
import { createSendAuthorized, type SendAuthorized } from "./core/request/sendAuthorized.js";
import { createSession, type Session } from "./core/session/session.js";
import { createCrossTabLock } from "./core/tabs/crossTabLock.js";
import { createTabs } from "./core/tabs/createTabs.js";
import type { Tabs } from "./core/tabs/tabs.js";
import type { Settings } from "./options.js";

/** The parts of an Auth. */
export interface Parts {
  /** Names the app: its tabs have the same key, and those of another app have not. */
  readonly key: string;
  readonly options: Settings;
  readonly platform: Platform;
  readonly origins: OriginGate;
  readonly isAuthCall: IsAuthCall;
  readonly session: Session;
  readonly tabs: Tabs;
  readonly refresher: Refresher;
  readonly login: Login;
  readonly logout: Logout;
  readonly restoration: Restoration;
  readonly send: SendAuthorized;
  /** In development: told of what is sent without the session. */
  readonly sentPlain?: DevWarnings["sentPlain"];
}

/** The dependencies of the parts. */
export interface PartsDependencies {
  readonly options: Settings;
  readonly platform: Platform;
  readonly events: Events;
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

/** Makes the parts, each from those before it. Starts nothing. */
export function createParts(given: PartsDependencies): Parts {
  const { options, platform, events } = given;
  const { baseURL, allowedOrigins, header, onLogout, onEvent } = options;
  const origins = createOriginGate(baseURL, allowedOrigins, platform);
  const refresh = endpointOf(options, "refresh");
  // An endpoint function has no URL: it is taken to call `baseURL`.
  const refreshURL = resolveURL("url" in refresh ? refresh.url : "", origins);
  const key = ["react-authed-query", refreshURL, options.tabs.name, header].join(" ");
  const base = { ...given, origins, key, emit: events.call };

  const session = createSession(base);
  if (onLogout) session.onLogout(onLogout);
  if (onEvent) events.add(onEvent);
  let readAnswer = createReader({ options, origins, refreshURL });
  let devWarnings: DevWarnings | undefined;
  if (process.env.NODE_ENV !== "production") {
    devWarnings = createDevWarnings({ ...base, session });
    readAnswer = devWarnings.readAnswer(readAnswer);
  }
  const shared = {
    ...base,
    session,
    authServer: createAuthServer({ ...base, session, readAnswer }),
    tabs: createTabs({ ...base, session }),
    withLock: createCrossTabLock(base),
  };
  const refresher = createRefresher(shared);
  const logout = createLogout(shared);
  const restoration = createRestoration({ ...shared, refresher, logout });
  const sessionParts = { ...shared, refresher, logout, restoration };
  const all = {
    ...sessionParts,
    isAuthCall: createIsAuthCall(options, origins),
    login: createLogin(sessionParts),
    send: createSendAuthorized(sessionParts),
  };
  return process.env.NODE_ENV !== "production" && devWarnings
    ? {
        ...all,
        login: devWarnings.login(all.login),
        send: devWarnings.send(all.send),
        sentPlain: devWarnings.sentPlain,
      }
    : all;
}
