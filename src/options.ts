import type { ServerOptions } from "./core/authServer/authServer.js";
import { isolateErrors } from "./core/platform/isolateErrors.js";
import type { RefreshOptions } from "./core/refresh/refresh.js";
import type { RestoreOptions } from "./core/refresh/restore.js";
import type { RequestOptions } from "./core/request/refreshOn.js";
import type { SessionOptions } from "./core/session/session.js";
import type { TabsOptions, TabsSettings } from "./core/tabs/tabs.js";
import type { AuthEvent, LogoutEvent } from "./core/vocabulary/events.js";

/** The options of `createAuth`, apart from the axios instance. All are optional. */
export interface AuthOptions
  extends
    ServerOptions,
    SessionOptions,
    RequestOptions,
    RefreshOptions,
    RestoreOptions,
    TabsOptions {
  /** Called once for each session that ends. */
  onLogout?: (event: LogoutEvent) => void;
  /** Called with everything that happens inside, never with a token. */
  onEvent?: (event: AuthEvent) => void;
}

type WithDefault =
  | "baseURL"
  | "allowedOrigins"
  | "header"
  | "scheme"
  | "refreshTimeoutMs"
  | "refreshOn"
  | "restore"
  | "forgetOnRefusal";

/** The options with their defaults filled in. */
export interface Settings
  extends
    Omit<AuthOptions, WithDefault | "refreshAhead" | "tabs">,
    Required<Pick<AuthOptions, WithDefault>> {
  /** How many seconds before its end a token is refreshed; by its lifetime if `undefined`. */
  aheadSeconds: number | undefined;
  /** A timer refreshes the token even if no request is made. */
  inBackground: boolean;
  tabs: TabsSettings;
}

/** @param axiosURL - the base URL of the given axios instance. */
export function withDefaults(options: AuthOptions, axiosURL: string | undefined): Settings {
  const { refreshAhead, tabs, identify, ...rest } = options;
  const ahead = typeof refreshAhead === "number" ? { seconds: refreshAhead } : refreshAhead;
  const { name = "", shareToken = true } = tabs || {};
  return {
    ...rest,
    ...(identify && { identify: isolateErrors(identify) }),
    baseURL: rest.baseURL ?? axiosURL ?? "/",
    allowedOrigins: rest.allowedOrigins ?? [],
    header: rest.header ?? "Authorization",
    scheme: rest.scheme ?? "Bearer",
    refreshTimeoutMs: rest.refreshTimeoutMs ?? 10_000,
    refreshOn: rest.refreshOn ?? [401],
    restore: rest.restore ?? "always",
    forgetOnRefusal: rest.forgetOnRefusal ?? false,
    aheadSeconds: ahead?.seconds,
    inBackground: ahead?.background ?? false,
    tabs: { name, shareToken, isTalking: tabs !== false },
  };
}
