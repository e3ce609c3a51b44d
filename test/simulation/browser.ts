import type { History } from "./history.js";
import type { AuthCall } from "./network.js";
import { createPage, type Page } from "./page.js";
import type { Device } from "./platform.js";
import type { SimulatedServer } from "./server.js";
import { openTab, twinsFrom, type CreateAuth, type Tab } from "./tab.js";

/** The documents of a browser: how they begin, stop for a while, and end. */
export interface Browser {
  /** The tabs that are open, also the frozen ones. */
  tabs(): Tab[];
  /** How many documents there have been. */
  documents(): number;
  /** The tabs whose Auth was disposed of, and when. */
  readonly disposed: readonly { readonly tab: Tab; readonly atMs: number }[];
  /** Does something in a page that runs code; nobody clicks in the others. */
  inTab(number: number, what: (tab: Tab) => void): void;
  /** Does it in all of them, each in a step of its own: no two pages run at once. */
  inAllTabs(what: (tab: Tab) => void): void;
  /** The Auths of a tab: what happens to its document happens to all. */
  together(tab: Tab): Tab[];
  open(number: number): void;
  close(tab: Tab): void;
  reload(tab: Tab): void;
  crash(number: number): void;
  freeze(tab: Tab, forMs: number): void;
  /** It goes to the back/forward cache, and comes back. */
  putAway(tab: Tab, forMs: number): void;
  /** The person leaves for the server's own page to sign in there, which leads back. */
  redirect(tab: Tab, user: string): void;
  dispose(tab: Tab): void;
  /** The device sleeps: nobody touches a tab, and who should come back does so when it wakes. */
  fallAsleep(): void;
  wakeUp(): void;
  isAsleep(): boolean;
  /** The `storage` event: in the other documents, but in none that is in the back/forward cache. */
  tellOfStorage(writer?: Page): void;
  /** Who is suspended comes back, and somebody is there. */
  comeToRest(): void;
}

export interface BrowserWorld {
  now(): number;
  /** Stands still while the device sleeps. */
  clock(): number;
  after(delayMs: number, task: () => void): void;
  /** Some code of a page is about to run. */
  touch(): void;
  /** A number of which none is drawn twice: a key for what has no other. */
  draw(): number;
  /** What the pages run on; it has to be there when the first opens. */
  device(): Device;
  readonly server: SimulatedServer;
  readonly history: History;
  readonly createAuth: CreateAuth;
}

export function createBrowser(world: BrowserWorld): Browser {
  const { now, clock, after, touch, server, history, createAuth } = world;
  const open = new Map<number, Tab>();
  /** How many documents each tab has had. */
  const documents = new Map<number, number>();
  /** The tabs that show a page of the server's. */
  const away = new Set<number>();
  const disposed: { tab: Tab; atMs: number }[] = [];
  let isAsleep = false;
  let fellAsleepAt = 0;
  let asleep: Tab[] = [];
  let comingBack: (() => void)[] = [];

  const note = (page: Page, text: string) => world.device().note(page, text);

  function onStop(stopped: Page, why: string): void {
    const { network, locks } = world.device();
    note(stopped, `is ${why}`);
    network.abandon(stopped);
    if (stopped.life() !== "dead") return;
    locks.release(stopped);
    if (open.get(stopped.tab)?.page === stopped) open.delete(stopped.tab);
  }

  /** @param landing - the sign-in by redirect that leads to this page. */
  function begin(number: number, landing?: AuthCall): void {
    const device = world.device();
    if (number < twinsFrom && device.variant.twins.includes(number)) begin(number + twinsFrom);
    const document = (documents.get(number) ?? 0) + 1;
    documents.set(number, document);
    touch();
    const page = createPage({ now, clock, after, touch, onStop }, number, document);
    note(page, "is opened");
    const listener = { ...history.listener, tokenOf: server.tokenOf, note };
    if (!landing) {
      open.set(number, openTab(device, page, createAuth, listener));
      return;
    }
    device.network.land(landing, page);
    const tab = openTab(device, page, createAuth, listener, () => {
      landing.isUnheard = false;
    });
    open.set(number, tab);
    history.onLanding(tab, landing);
  }

  function together(tab: Tab): Tab[] {
    const first = tab.page.tab % twinsFrom;
    return [first, first + twinsFrom].flatMap((number) => open.get(number) ?? []);
  }

  /** Without a grace window nobody survives a page that ends in the middle of a call. */
  function mayEnd(tab: Tab): boolean {
    const { network, locks, variant } = world.device();
    return together(tab).every(
      ({ page }) => variant.graceMs > 0 || !(network.isCalling(page) || locks.isHeldBy(page)),
    );
  }

  function leave(tab: Tab, why: string): void {
    touch();
    for (const { page, hide } of together(tab)) {
      hide();
      page.die(why);
    }
  }

  function inTab(number: number, what: (tab: Tab) => void): void {
    const tab = open.get(number);
    if (tab?.page.life() !== "live") return;
    touch();
    what(tab);
  }

  /** A device that sleeps opens no page, and brings none back. */
  function whenAwake(task: () => void): void {
    if (isAsleep) comingBack.push(task);
    else task();
  }

  function resume(page: Page, onBack: () => void): void {
    whenAwake(() => page.resume(onBack));
  }

  function land(number: number, call: AuthCall): void {
    const { network, roll } = world.device();
    network.comeBack(call);
    // The app loads.
    after(50 + 200 * roll("landing", number, call.number), () =>
      whenAwake(() => {
        away.delete(number);
        begin(number, call);
      }),
    );
  }

  return {
    tabs: () => [...open.values()],
    documents: () => [...documents.values()].reduce((sum, count) => sum + count, 0),
    disposed,
    inTab,
    inAllTabs(what) {
      for (const { page } of [...open.values()]) after(0, () => inTab(page.tab, what));
    },
    together,
    open(number) {
      if (!open.has(number) && !away.has(number)) begin(number);
    },
    close(tab) {
      if (mayEnd(tab)) leave(tab, "closed");
    },
    reload(tab) {
      if (!mayEnd(tab)) return;
      leave(tab, "reloaded");
      begin(tab.page.tab);
    },
    crash(number) {
      for (const each of [number, number + twinsFrom]) open.get(each)?.page.die("dead: it crashed");
    },
    freeze(tab, forMs) {
      const startMs = now();
      for (const { page, wake } of together(tab)) {
        page.suspend("frozen");
        // A debugger, or a stopped process, thaws without a word.
        const isTold = world.device().roll("told", page.name, startMs) < 0.7;
        after(forMs, () => resume(page, isTold ? wake : () => {}));
      }
    },
    putAway(tab, forMs) {
      for (const { page, wake, hide } of together(tab)) {
        hide();
        // What the page does on leaving is done before it is put away.
        after(0, () => page.suspend("cached"));
        after(forMs, () => resume(page, wake));
      }
    },
    redirect(tab, user) {
      const { network, roll } = world.device();
      const number = tab.page.tab;
      if (network.mood("offline") || !mayEnd(tab)) return;
      leave(tab, "left for the server's own page");
      away.add(number);
      const call = network.redirect(tab.page, user);
      after(100 + 400 * roll("redirect", number, call.number), () =>
        whenAwake(() => land(number, call)),
      );
    },
    dispose(tab) {
      if (!mayEnd(tab)) return;
      for (const each of together(tab)) {
        note(each.page, "is disposed of");
        world.device().network.abandon(each.page);
        each.dispose();
        open.delete(each.page.tab);
        disposed.push({ tab: each, atMs: now() });
      }
    },
    fallAsleep() {
      asleep = [...open.values()].filter(({ page }) => page.life() === "live");
      for (const { page } of asleep) page.suspend("frozen");
      isAsleep = true;
      fellAsleepAt = now();
    },
    wakeUp() {
      world.device().sleptMs += now() - fellAsleepAt;
      isAsleep = false;
      for (const tab of asleep) tab.page.resume(tab.wake);
      const tasks = comingBack;
      comingBack = [];
      for (const comeBack of tasks) comeBack();
    },
    isAsleep: () => isAsleep,
    tellOfStorage(writer) {
      const { roll } = world.device();
      for (const { page, hearOfStorage } of open.values()) {
        const isOwn = writer && page.tab % twinsFrom === writer.tab % twinsFrom;
        if (isOwn || page.life() === "cached") continue;
        after(5 * roll("storage", writer?.name ?? "", page.name, world.draw()), () =>
          page.deliver(hearOfStorage),
        );
      }
    },
    comeToRest() {
      for (const tab of open.values()) tab.page.resume(tab.wake);
      // What is owed to the server is told by whoever comes next.
      if (open.size === 0) begin(1);
    },
  };
}
