import { createAgenda } from "./agenda.js";
import { createSimulatedChannels, type SimulatedChannels } from "./channels.js";
import { createHistory, type History } from "./history.js";
import { createSimulatedLocks, type SimulatedLocks } from "./locks.js";
import { createSimulatedNetwork, type SimulatedNetwork } from "./network.js";
import { createPage, type Page } from "./page.js";
import type { Device } from "./platform.js";
import { createRoll } from "./random.js";
import { createSimulatedServer, type SimulatedServer } from "./server.js";
import type { Action, Story, Variant } from "./story.js";
import { openTab, refreshTimeoutMs, type CreateAuth, type Tab } from "./tab.js";

/** Up to ten tabs of the real core, one browser under them, one server before them. */
export interface World {
  readonly variant: Variant;
  readonly signedInBefore: string | undefined;
  now(): number;
  readonly server: SimulatedServer;
  readonly network: SimulatedNetwork;
  readonly locks: SimulatedLocks;
  readonly channels: SimulatedChannels;
  readonly storage: Map<string, string>;
  readonly history: History;
  /** The tabs that are open, also the frozen ones. */
  tabs(): Tab[];
  tab(number: number): Tab | undefined;
  /** How many documents there have been. */
  documents(): number;
  act(action: Action): void;
  /** Calls back after a while, for what a story cannot say. */
  after(delayMs: number, task: () => void): void;
  /** All faults end: every tab is live, the network and the server well. */
  calm(): void;
  /**
   * Takes the next thing that happens. `undefined`: nothing more until then. Otherwise whether code
   * of a page ran, whose promises have to be drained before the next step.
   */
  step(untilMs: number): boolean | undefined;
}

/** Writes down what happens, for a report. */
export type Note = (atMs: number, who: string, text: string) => void;

export function createWorld(
  { seed, variant, signedIn }: Omit<Story, "actions">,
  createAuth: CreateAuth,
  write?: Note,
): World {
  const agenda = createAgenda();
  const { now, after } = agenda;
  const roll = createRoll(seed);
  const open = new Map<number, Tab>();
  const documents = new Map<number, number>();
  const storage = new Map<string, string>();
  let touched = false;
  let delays = 0;
  /** The device sleeps: nobody touches a tab, and who should come back does so when it wakes. */
  let isAsleep = false;
  let comingBack: (() => void)[] = [];

  const note = (page: Page, text: string) => write?.(now(), `tab ${page.name}`, text);
  const server = createSimulatedServer(now, variant.graceMs);
  const history = createHistory(now, server, () => network);
  const locks = createSimulatedLocks({
    now,
    after,
    delayMs: (page, what) => 4 * roll(what, page.name, ++delays),
    note,
  });
  const network = createSimulatedNetwork({
    now,
    after,
    roll,
    server,
    refreshTimeoutMs,
    mayBeSlow: variant.graceMs > 0,
    hasLock: locks.isHeldBy,
    mayDoWithoutLock: (page) =>
      !variant.hasLocks || locks.waitedMs(page) >= refreshTimeoutMs + 1900,
    onCall: history.onCall,
    note,
  });
  const messages = new Map<string, number>();
  const channels = createSimulatedChannels({
    now,
    after,
    delayMs(from, to) {
      const pair = `${from?.name} ${to.name}`;
      const n = (messages.get(pair) ?? 0) + 1;
      messages.set(pair, n);
      if (network.mood("lossy") && roll("message lost", pair, n) < 0.3) return undefined;
      return roll("slow message", pair, n) < 0.05 ? 700 * roll(pair, n) : 15 * roll(pair, n);
    },
    onPost: history.carryKnowledge,
  });
  if (signedIn) network.jar.token = server.signIn(signedIn);

  const device: Device = {
    now,
    after,
    wallOffsetMs: 0,
    sleptMs: 0,
    storage,
    variant,
    roll,
    network,
    locks,
    channels,
    note,
    onWrite(page) {
      for (const other of open.values()) {
        if (other.page === page) continue;
        // The `storage` event; a page in the back/forward cache gets none.
        if (other.page.life() === "cached") continue;
        after(5 * roll("storage", page.name, other.page.name, ++delays), () =>
          other.page.deliver(other.wake),
        );
      }
    },
  };

  function begin(number: number): void {
    const document = (documents.get(number) ?? 0) + 1;
    documents.set(number, document);
    touched = true;
    const page = createPage(
      {
        now,
        after,
        touch: () => {
          touched = true;
        },
        onStop(stopped, why) {
          note(stopped, `is ${why}`);
          network.abandon(stopped);
          if (stopped.life() !== "dead") return;
          locks.release(stopped);
          if (open.get(number)?.page === stopped) open.delete(number);
        },
      },
      number,
      document,
    );
    note(page, "is opened");
    open.set(
      number,
      openTab(device, page, createAuth, {
        ...history.listener,
        familyOf: server.familyOf,
        note,
      }),
    );
  }

  /** Without a grace window nobody survives a page that ends in the middle of a call. */
  function mayEnd({ page }: Tab): boolean {
    return variant.graceMs > 0 || !(network.isCalling(page) || locks.isHeldBy(page));
  }

  function leave(tab: Tab, why: string): void {
    touched = true;
    tab.hide();
    tab.page.die(why);
  }

  /** Of a page that runs code; nobody clicks in the others. */
  function inTab(number: number, what: (tab: Tab) => void): void {
    const tab = open.get(number);
    if (tab?.page.life() !== "live") return;
    touched = true;
    what(tab);
  }

  function during(mood: Parameters<SimulatedNetwork["setMood"]>[0], forMs: number): void {
    if (network.mood(mood)) return;
    network.setMood(mood, true);
    after(forMs, () => {
      network.setMood(mood, false);
      if (mood === "offline") for (const tab of open.values()) tab.page.deliver(tab.wake);
    });
  }

  function resume(page: Page, onBack: () => void): void {
    if (isAsleep) comingBack.push(() => page.resume(onBack));
    else page.resume(onBack);
  }

  function sleep(forMs: number): void {
    if (isAsleep) return;
    const tabs = [...open.values()].filter(({ page }) => page.life() === "live");
    for (const { page } of tabs) page.suspend("frozen");
    during("offline", forMs);
    isAsleep = true;
    const fellAsleepAt = now();
    after(forMs, () => {
      device.sleptMs += now() - fellAsleepAt;
      isAsleep = false;
      for (const tab of tabs) tab.page.resume(tab.wake);
      for (const comeBack of comingBack) comeBack();
      comingBack = [];
    });
  }

  function act(action: Action): void {
    if (isAsleep && "tab" in action) return;
    switch (action.type) {
      case "open":
        if (!open.has(action.tab)) begin(action.tab);
        return;
      case "close":
      case "reload":
        return inTab(action.tab, (tab) => {
          if (!mayEnd(tab)) return;
          leave(tab, action.type === "close" ? "closed" : "reloaded");
          if (action.type === "reload") begin(action.tab);
        });
      case "crash":
        return open.get(action.tab)?.page.die("dead: it crashed");
      case "freeze":
        return inTab(action.tab, ({ page, wake }) => {
          page.suspend("frozen");
          // A debugger, or a stopped process, thaws without a word.
          const isTold = roll("told", page.name, action.at) < 0.7;
          after(action.forMs, () => resume(page, isTold ? wake : () => {}));
        });
      case "leave":
        return inTab(action.tab, ({ page, wake, hide }) => {
          hide();
          // What the page does on leaving is done before it is put away.
          after(0, () => page.suspend("cached"));
          after(action.forMs, () => resume(page, wake));
        });
      case "wake":
        return inTab(action.tab, (tab) => tab.wake());
      case "request":
        return inTab(action.tab, (tab) => tab.request());
      case "token":
      case "fresh token":
        return inTab(action.tab, (tab) => tab.getToken(action.type === "fresh token"));
      case "login":
        return inTab(action.tab, (tab) => tab.login(action.user, action.password));
      case "logout":
        return inTab(action.tab, (tab) => tab.logout());
      case "all request":
      case "all wake": {
        const verb = action.type === "all wake" ? "wake" : "request";
        for (const { page } of [...open.values()]) {
          // Each in a step of its own: no two pages run at once.
          after(0, () => inTab(page.tab, (tab) => tab[verb]()));
        }
        return;
      }
      case "offline":
      case "lossy":
      case "unavailable":
      case "hanging":
        return during(action.type, action.forMs);
      case "sleep":
        return sleep(action.forMs);
      case "set wall clock":
        device.wallOffsetMs += action.byMs;
        return;
      case "revoke":
        return server.revokeAll();
      case "expire":
        return server.expireAll();
    }
  }

  return {
    variant,
    signedInBefore: signedIn,
    now,
    server,
    network,
    locks,
    channels,
    storage,
    history,
    tabs: () => [...open.values()],
    tab: (number) => open.get(number),
    documents: () => [...documents.values()].reduce((sum, count) => sum + count, 0),
    act,
    after,
    calm() {
      for (const mood of ["offline", "lossy", "unavailable", "hanging"] as const) {
        network.setMood(mood, false);
      }
      for (const tab of open.values()) tab.page.resume(tab.wake);
      // What is owed to the server is told by whoever comes next.
      if (open.size === 0) begin(1);
    },
    step(untilMs) {
      const task = agenda.next(untilMs);
      if (!task) return undefined;
      history.nextStep();
      touched = false;
      task();
      return touched;
    },
  };
}
