import { AxiosError, type AxiosAdapter, type AxiosResponse } from "axios";
import type { Auth, AuthState, CreateAuthOptions, LogoutReason } from "react-authed-query";
import type { Platform } from "../../src/core/platform/platform.js";
import type { Page } from "./page.js";
import { createPagePlatform, origin, type Device } from "./platform.js";
import type { AccessToken } from "./server.js";
import type { Variant } from "./schedule.js";

/** Makes the Auth of a tab: the library's own, or one with a protection taken out. */
export type CreateAuth = (options: CreateAuthOptions, platform: Platform) => Auth;

/** A page with the real core in it. */
export interface Tab {
  readonly page: Page;
  readonly auth: Auth;
  wake(): void;
  hearOfStorage(): void;
  hide(): void;
  request(): void;
  getToken(forceRefresh: boolean): void;
  /** To an endpoint that answers 401 to everyone. */
  requestInVain(): void;
  login(user: string, password: "right" | "wrong"): void;
  logout(): void;
  /** The person edits the profile, if someone is signed in. Returns who. */
  edit(name: string): string | undefined;
  dispose(): void;
  setClock(byMs: number): void;
  /** What it shows. */
  shows(): Showing;
  /** Promises that it owes its callers, in words. */
  readonly pending: ReadonlySet<string>;
  /** How its latest request ended: the user whose data came, or what went wrong. */
  lastAnswer(): string | undefined;
}

/** `loading`, `out`, or the name of who is signed in. */
export type Showing = string;

/** What the world is told of a tab, as it happens. */
export interface TabListener {
  onShow(tab: Tab, before: Showing, after: Showing): void;
  onLogout(tab: Tab, reason: LogoutReason): void;
  onSend(tab: Tab, token: AccessToken | undefined): void;
  /** The API answered 401 to it. */
  onRejected(tab: Tab): void;
  /** `login()` is called. Returns what is to be told of its end. */
  onLogin(tab: Tab, user: string, password: "right" | "wrong"): (outcome: LoginOutcome) => void;
  /** `logout()` is called. Returns what is to be told of its end. */
  onLogoutCall(tab: Tab): () => void;
  tokenOf(text: string | undefined): AccessToken | undefined;
  note(page: Page, text: string): void;
}

/** `done`: signed in. `refused`: the server, or a later logout, said no. `failed`: nobody knows. */
export type LoginOutcome = "done" | "refused" | "failed";

export const refreshTimeoutMs = 10_000;

export function openTab(
  device: Device,
  page: Page,
  createAuth: CreateAuth,
  listener: TabListener,
  onRestored?: () => void,
): Tab {
  const { platform, wake, hearOfStorage, hide, setClock } = createPagePlatform(device, page);
  const note = (text: string) => listener.note(page, text);
  const auth = createAuth(
    {
      baseURL: origin,
      refreshTimeoutMs,
      tabs: isIsolated(page, device.variant) ? false : { shareToken: device.variant.shareToken },
    },
    platform,
  );
  const pending = new Set<string>();
  let promises = 0;
  let lastAnswer: string | undefined;

  function track<Value>(what: string, promise: Promise<Value>): Promise<Value> {
    promises += 1;
    const name = `${what} (promise ${promises})`;
    pending.add(name);
    const settled = () => void pending.delete(name);
    promise.then(settled, settled);
    return promise;
  }

  const adapter: AxiosAdapter = (config) =>
    new Promise((resolve, reject) => {
      // As axios' own adapters: a request that was cancelled before is not sent.
      config.cancelToken?.throwIfRequested();
      void config.cancelToken?.promise.then(reject);
      const header = config.headers.get("Authorization");
      const token = typeof header === "string" ? header.replace("Bearer ", "") : undefined;
      listener.onSend(tab, listener.tokenOf(token));
      device.network.callAPI(page, token, config.url === "/futile").then(
        ({ status, body, headers }) => {
          const response: AxiosResponse = {
            status,
            statusText: "",
            headers: headers ?? {},
            data: body,
            config,
          };
          if (status === 401) listener.onRejected(tab);
          if (status < 300) resolve(response);
          else {
            const code = status < 500 ? AxiosError.ERR_BAD_REQUEST : AxiosError.ERR_BAD_RESPONSE;
            reject(new AxiosError(`Status ${status}`, code, config, undefined, response));
          }
        },
        () => reject(new AxiosError("Network Error", AxiosError.ERR_NETWORK, config)),
      );
    });
  auth.api.defaults.adapter = adapter;

  let shown = showing(auth.getState());
  const tab: Tab = {
    page,
    auth,
    wake,
    hearOfStorage,
    hide,
    pending,
    shows: () => shown,
    lastAnswer: () => lastAnswer,
    request() {
      track("a request", auth.api.get<{ user: string }>("/data")).then(
        ({ data }) => {
          lastAnswer = data.user;
          note(`gets ${data.user}'s data`);
        },
        (error: AxiosError) => {
          lastAnswer = `${error.response?.status ?? error.code}`;
          note(`a request ends with ${lastAnswer}`);
        },
      );
    },
    getToken(forceRefresh) {
      track("getAccessToken()", auth.getAccessToken({ forceRefresh })).then(
        (token) => note(token === null ? "gets no token" : "gets a token"),
        (error: Error & { code?: string }) => note(`gets no token: ${error.code}`),
      );
    },
    requestInVain() {
      track("a futile request", auth.api.get("/futile")).catch((error: AxiosError) =>
        note(`a futile request ends with ${error.response?.status ?? error.code}`),
      );
    },
    edit(name) {
      const { user } = auth.getState();
      if (!user) return undefined;
      auth.setUser({ ...user, name });
      note(`shows ${shown} as ${name}`);
      return shown;
    },
    dispose: auth.dispose,
    setClock,
    login(user, password) {
      const settle = listener.onLogin(tab, user, password);
      track(`login of ${user}`, auth.login({ user: password === "right" ? user : "" })).then(
        () => {
          settle("done");
          note(`${user} is signed in`);
        },
        (error: Error & { code?: string }) => {
          const isRefused = error.code === "login_failed" || error.code === "session_ended";
          settle(isRefused ? "refused" : "failed");
          note(`the login of ${user} fails: ${error.code}`);
        },
      );
    },
    logout() {
      const settle = listener.onLogoutCall(tab);
      void track("logout", auth.logout()).then(({ serverTold }) => {
        settle();
        note(`signed out, and the server ${serverTold ? "knows" : "does not know"}`);
      });
    },
  };

  auth.subscribe(() => {
    const before = shown;
    shown = showing(auth.getState());
    if (before === shown) return;
    note(`shows ${shown}`);
    listener.onShow(tab, before, shown);
  });
  auth.onLogout(({ reason }) => {
    note(`onLogout: ${reason}`);
    listener.onLogout(tab, reason);
  });
  if (onRestored) {
    track("restore()", auth.restore()).then(onRestored, (error: { code?: string }) =>
      note(`is not restored: ${error.code}`),
    );
  }
  track("ready()", auth.ready()).catch((error: { code?: string }) =>
    note(`is not ready: ${error.code}`),
  );
  return tab;
}

/** It has `tabs: false`. */
export function isIsolated(page: Page, { isolated }: Pick<Variant, "isolated">): boolean {
  return isolated.includes(page.tab % twinsFrom);
}

/** The second Auth of tab 3 lives in a page of its own, which shares the fate of the first: 103. */
export const twinsFrom = 100;

function showing({ status, user }: AuthState): Showing {
  if (status !== "authenticated") return status === "loading" ? "loading" : "out";
  const { id, sub } = (user ?? {}) as { id?: string; sub?: string };
  return id ?? sub ?? "someone";
}
