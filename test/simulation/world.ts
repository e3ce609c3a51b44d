import { createAgenda } from "./agenda.js";
import { createSimulatedChannels, type SimulatedChannels } from "./channels.js";
import { createHistory, type History } from "./history.js";
import { createSimulatedLocks, type SimulatedLocks } from "./locks.js";
import { createSimulatedNetwork, type AuthCall, type SimulatedNetwork } from "./network.js";
import { createPage, type Page } from "./page.js";
import type { Device } from "./platform.js";
import { createRoll } from "./random.js";
import { createSimulatedServer, type SimulatedServer } from "./server.js";
import type { Action, Story, Variant } from "./story.js";
import { isLoner, openTab, refreshTimeoutMs, twinsFrom, type CreateAuth, type Tab } from "./tab.js";

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
  /** The tabs whose Auth was disposed of, and when. */
  readonly disposed: readonly { readonly tab: Tab; readonly atMs: number }[];
  /** When all tabs were last told to make a request. */
  lastRoundAt(): number;
  /** It has `tabs: false`. */
  isLoner(page: Page): boolean;
  /** The storage did not refuse what a page had to write then, and has not been cleared since. */
  hasKept(atMs: number): boolean;
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

/** A lock that comes late comes by then: the browser was busy. */
const latestGrantMs = 3000;

/** For how long a tab waits for the lock. */
const patienceMs = refreshTimeoutMs + 2000;

const moods = ["offline", "lossy", "unavailable", "hanging", "odd", "torn", "deaf"] as const;

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
  const disposed: { tab: Tab; atMs: number }[] = [];
  const away = new Set<number>();
  let isStorageFull = false;
  let storageClearedAt = -1;
  const writes: { readonly atMs: number; readonly isRefused: boolean }[] = [];
  let names = 0;
  let lastRoundAt = 0;

  const clock = () => now() - device.sleptMs;
  const note = (page: Page, text: string) => write?.(now(), `tab ${page.name}`, text);
  const server = createSimulatedServer(now, variant);
  const history = createHistory(
    now,
    server,
    () => network,
    (page) => isLoner(page, variant),
  );
  const locks = createSimulatedLocks({
    now,
    clock,
    after,
    delayMs(page, what) {
      delays += 1;
      const isLate = variant.locks === "late" && what === "grant" && roll("late", delays) < 0.3;
      return (isLate ? latestGrantMs : 4) * roll(what, page.name, delays);
    },
    next: (waiting) =>
      variant.locks === "unordered" ? Math.floor(waiting * roll("next", ++delays)) : 0,
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
    mayDoWithoutLock(page) {
      const { ms, awakeMs } = locks.waited(page);
      return (
        !variant.hasLocks ||
        isLoner(page, variant) ||
        awakeMs >= patienceMs - 100 ||
        // Back from a long freeze it gives the lock a moment, at least.
        (ms >= patienceMs - 100 && page.awakeSince(patienceMs) >= 900)
      );
    },
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
    isStorageFull: () => isStorageFull,
    onWrite(page, isRefused) {
      writes.push({ atMs: now(), isRefused });
      if (!isRefused) tellOfStorage(page);
    },
  };

  /** The `storage` event: in the other documents, but in none that is in the back/forward cache. */
  function tellOfStorage(writer?: Page): void {
    for (const { page, hearOfStorage } of open.values()) {
      const isOwn = writer && page.tab % twinsFrom === writer.tab % twinsFrom;
      if (isOwn || page.life() === "cached") continue;
      after(5 * roll("storage", writer?.name ?? "", page.name, ++delays), () =>
        page.deliver(hearOfStorage),
      );
    }
  }

  /** @param landing - the sign-in by redirect that leads to this page. */
  function begin(number: number, landing?: AuthCall): void {
    if (number < twinsFrom && variant.twins.includes(number)) begin(number + twinsFrom);
    const document = (documents.get(number) ?? 0) + 1;
    documents.set(number, document);
    touched = true;
    const page = createPage(
      {
        now,
        clock,
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
    const listener = { ...history.listener, familyOf: server.familyOf, note };
    if (!landing) {
      open.set(number, openTab(device, page, createAuth, listener));
      return;
    }
    network.land(landing, page);
    const tab = openTab(device, page, createAuth, listener, () => {
      landing.isUnheard = false;
    });
    open.set(number, tab);
    history.onLanding(tab, landing);
  }

  /** The Auths of a tab: what happens to its document happens to all. */
  function together(tab: Tab): Tab[] {
    const first = tab.page.tab % twinsFrom;
    return [first, first + twinsFrom].flatMap((number) => open.get(number) ?? []);
  }

  /** Without a grace window nobody survives a page that ends in the middle of a call. */
  function mayEnd(tab: Tab): boolean {
    return together(tab).every(
      ({ page }) => variant.graceMs > 0 || !(network.isCalling(page) || locks.isHeldBy(page)),
    );
  }

  function leave(tab: Tab, why: string): void {
    touched = true;
    for (const { page, hide } of together(tab)) {
      hide();
      page.die(why);
    }
  }

  function redirect(tab: Tab, user: string): void {
    const number = tab.page.tab;
    if (network.mood("offline") || !mayEnd(tab)) return;
    leave(tab, "left for the server's own page");
    away.add(number);
    const call = network.redirect(tab.page, user);
    after(100 + 400 * roll("redirect", number, call.number), () => {
      network.comeBack(call);
      // The app loads.
      after(50 + 200 * roll("landing", number, call.number), () => {
        away.delete(number);
        begin(number, call);
      });
    });
  }

  function dispose(tab: Tab): void {
    if (!mayEnd(tab)) return;
    for (const each of together(tab)) {
      note(each.page, "is disposed of");
      network.abandon(each.page);
      each.dispose();
      open.delete(each.page.tab);
      disposed.push({ tab: each, atMs: now() });
    }
  }

  function postAgain(isOld: boolean): void {
    delays += 1;
    const { posted } = channels;
    const again = posted[Math.floor(posted.length * roll("again", delays))];
    if (!again) return;
    const { record, ...message } = again.message as { record?: object };
    const ended = { ...record, revision: Number.MAX_SAFE_INTEGER - 1, status: "signed-out" };
    channels.inject(again.name, isOld ? { ...message, version: 0, record: ended } : again.message);
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
        if (!open.has(action.tab) && !away.has(action.tab)) begin(action.tab);
        return;
      case "close":
      case "reload":
        return inTab(action.tab, (tab) => {
          if (!mayEnd(tab)) return;
          leave(tab, action.type === "close" ? "closed" : "reloaded");
          if (action.type === "reload") begin(action.tab);
        });
      case "crash":
        for (const number of [action.tab, action.tab + twinsFrom]) {
          open.get(number)?.page.die("dead: it crashed");
        }
        return;
      case "freeze":
        return inTab(action.tab, (tab) => {
          for (const { page, wake } of together(tab)) {
            page.suspend("frozen");
            // A debugger, or a stopped process, thaws without a word.
            const isTold = roll("told", page.name, action.at) < 0.7;
            after(action.forMs, () => resume(page, isTold ? wake : () => {}));
          }
        });
      case "leave":
        return inTab(action.tab, (tab) => {
          for (const { page, wake, hide } of together(tab)) {
            hide();
            // What the page does on leaving is done before it is put away.
            after(0, () => page.suspend("cached"));
            after(action.forMs, () => resume(page, wake));
          }
        });
      case "wake":
        return inTab(action.tab, (tab) => tab.wake());
      case "request":
        return inTab(action.tab, (tab) => {
          for (const each of together(tab)) each.request();
        });
      case "futile request":
        return inTab(action.tab, (tab) => tab.requestInVain());
      case "edit":
        return inTab(action.tab, (tab) => {
          const name = `name ${++names}`;
          const user = tab.edit(name);
          if (user) server.edit(user, name);
        });
      case "dispose":
        return inTab(action.tab, dispose);
      case "redirect":
        return inTab(action.tab, (tab) => redirect(tab, action.user));
      case "set tab's clock":
        return inTab(action.tab, (tab) => tab.setClock(action.byMs));
      case "odd answers":
        return during("odd", action.forMs);
      case "torn answers":
        return during("torn", action.forMs);
      case "deaf API":
        return during("deaf", action.forMs);
      case "full storage":
        if (isStorageFull) return;
        isStorageFull = true;
        return after(action.forMs, () => {
          isStorageFull = false;
        });
      case "clear storage":
        storage.clear();
        storageClearedAt = now();
        return tellOfStorage();
      case "old message":
      case "message again":
        return postAgain(action.type === "old message");
      case "token":
      case "fresh token":
        return inTab(action.tab, (tab) => tab.getToken(action.type === "fresh token"));
      case "login":
        return inTab(action.tab, (tab) => tab.login(action.user, action.password));
      case "logout":
        return inTab(action.tab, (tab) => tab.logout());
      case "all request":
      case "all wake": {
        if (action.type === "all request") lastRoundAt = now();
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
    disposed,
    lastRoundAt: () => lastRoundAt,
    isLoner: (page) => isLoner(page, variant),
    hasKept: (atMs) =>
      atMs > storageClearedAt && !writes.find((each) => each.atMs >= atMs)?.isRefused,
    documents: () => [...documents.values()].reduce((sum, count) => sum + count, 0),
    act,
    after,
    calm() {
      for (const mood of moods) network.setMood(mood, false);
      isStorageFull = false;
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
