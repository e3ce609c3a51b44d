import type { Auth } from "react-authed-query";
import { observe } from "./observe.js";

/** What came of one request of one tab. */
export interface TabReport {
  status: number | undefined;
  /** How often its token was rejected. */
  rejections: number;
  /** How many refreshes this tab sent. */
  refreshes: number;
  /** The tab that handed over the token of the answer; `undefined` if this one got it itself. */
  giver: string | undefined;
}

interface Credentials {
  email: string;
  password: string;
}

/** What the park's tabs tell each other, so that a scenario can take more than one. */
type Message =
  | { kind: "here"; tab: string }
  | { kind: "send"; tabs: readonly string[] }
  | { kind: "sent"; tab: string; report: TabReport }
  | { kind: "sign-in"; tab: string; credentials: Credentials };

/** Without one, a scenario with several tabs waits in vain, and the rest of the park works. */
const channel = "BroadcastChannel" in globalThis ? new BroadcastChannel("lantern-park") : undefined;
const ownTab = String(Math.random());
/** Of the token that this tab has. */
let giver: string | undefined;
/** The tabs that a scenario has opened, by name. */
const opened = new Map<string, Window>();

function post(message: Message): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has none, it is of one origin
  channel?.postMessage(message);
}

function listen(listener: (message: Message) => void, signal?: AbortSignal): void {
  channel?.addEventListener(
    "message",
    // Nothing but `post` writes to this channel.
    ({ data }: MessageEvent<Message>) => listener(data),
    signal && { signal },
  );
}

/** Lets this tab be one of those that a scenario in another tab works with. */
export function joinParkTabs(auth: Auth): void {
  auth.onEvent((event) => {
    if (event.type === "token-received") giver = undefined;
    if (event.type === "token-adopted") giver = event.tab;
  });
  listen((message) => {
    if (message.kind === "send" && message.tabs.includes(ownTab)) {
      void sendRequest(auth).then((report) => post({ kind: "sent", tab: ownTab, report }));
    }
    if (message.kind === "sign-in" && message.tab === ownTab) {
      // Whoever asked for it sees by its own session whether it went well.
      auth.login(message.credentials).catch(() => {});
    }
  });
  auth.ready().then(
    () => post({ kind: "here", tab: ownTab }),
    () => {},
  );
}

/**
 * Opens tabs of the park, under these names, and resolves with as many ids once they are here. Tabs that
 * a person opens meanwhile count too: a browser may have kept a page from opening more than one.
 *
 * @param onBlocked - told how many the browser did not open, and given what tries it again.
 */
export function openTabs(
  names: readonly string[],
  signal: AbortSignal,
  onBlocked: (count: number, openThem: () => void) => void,
): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const here = new Set<string>();
    signal.addEventListener("abort", () => reject(signal.reason));
    listen((message) => {
      if (message.kind === "here") here.add(message.tab);
      if (here.size === names.length) resolve([...here]);
    }, signal);
    function open(missing: readonly string[]): void {
      const blocked = missing.filter((name) => !openTab(name));
      if (blocked.length > 0) onBlocked(blocked.length, () => open(blocked));
    }
    open(names);
  });
}

/** Tells whether the browser did it. */
function openTab(name: string): boolean {
  const tab = window.open("/", name);
  if (tab) opened.set(name, tab);
  return tab !== null;
}

/** Closes those tabs of the names that a scenario has opened. */
export function closeTabs(names: readonly string[]): void {
  for (const name of names) opened.get(name)?.close();
}

/** Sends one request in each of these tabs and in this one, at once. */
export function sendInTabs(
  auth: Auth,
  tabs: readonly string[],
  signal: AbortSignal,
): Promise<TabReport[]> {
  return new Promise((resolve, reject) => {
    const reports = new Map<string, TabReport>();
    signal.addEventListener("abort", () => reject(signal.reason));
    function receive(tab: string, report: TabReport): void {
      reports.set(tab, report);
      if (reports.size === tabs.length + 1) resolve([...reports.values()]);
    }
    listen((message) => {
      if (message.kind === "sent" && tabs.includes(message.tab)) {
        receive(message.tab, message.report);
      }
    }, signal);
    post({ kind: "send", tabs });
    void sendRequest(auth).then((report) => receive(ownTab, report));
  });
}

/** Signs in in that tab. */
export function signInThere(tab: string, { email, password }: Credentials): void {
  post({ kind: "sign-in", tab, credentials: { email, password } });
}

async function sendRequest(auth: Auth): Promise<TabReport> {
  const controller = new AbortController();
  const seen = observe(auth, controller.signal);
  const answer = await auth.api.get("/me").catch(() => undefined);
  controller.abort();
  return {
    status: answer?.status,
    rejections: seen.count("token-rejected"),
    refreshes: seen.count("refresh-sent"),
    giver,
  };
}
