import type { Browser } from "./browser.js";
import type { SimulatedChannels } from "./channels.js";
import type { SimulatedNetwork } from "./network.js";
import type { Device } from "./platform.js";
import type { SimulatedServer } from "./server.js";
import type { Action } from "./schedule.js";

/** What the actions of a schedule act on. */
export interface ActionsWorld {
  after(delayMs: number, task: () => void): void;
  /** A number of which none is drawn twice: a key for what has no other. */
  draw(): number;
  readonly browser: Browser;
  readonly device: Device;
  readonly server: SimulatedServer;
}

/** Makes what carries out an action of a schedule. */
export function createActions({
  after,
  draw,
  browser,
  device,
  server,
}: ActionsWorld): (action: Action) => void {
  const { network, channels, storage } = device;
  const { inTab, inAllTabs, together } = browser;
  let names = 0;

  function during(mood: Parameters<SimulatedNetwork["setMood"]>[0], forMs: number): void {
    if (network.mood(mood)) return;
    network.setMood(mood, true);
    after(forMs, () => {
      network.setMood(mood, false);
      if (mood === "offline") for (const tab of browser.tabs()) tab.page.deliver(tab.wake);
    });
  }

  function sleep(forMs: number): void {
    if (browser.isAsleep()) return;
    browser.fallAsleep();
    during("offline", forMs);
    after(forMs, browser.wakeUp);
  }

  function fillStorage(forMs: number): void {
    if (storage.isFull()) return;
    storage.setFull(true);
    after(forMs, () => storage.setFull(false));
  }

  return (action) => {
    if (browser.isAsleep() && "tab" in action) return;
    switch (action.type) {
      case "open":
        return browser.open(action.tab);
      case "close":
        return inTab(action.tab, browser.close);
      case "reload":
        return inTab(action.tab, browser.reload);
      case "crash":
        return browser.crash(action.tab);
      case "freeze":
        return inTab(action.tab, (tab) => browser.freeze(tab, action.forMs));
      case "leave":
        return inTab(action.tab, (tab) => browser.putAway(tab, action.forMs));
      case "dispose":
        return inTab(action.tab, browser.dispose);
      case "redirect":
        return inTab(action.tab, (tab) => browser.redirect(tab, action.user));
      case "sleep":
        return sleep(action.forMs);
      case "wake":
        return inTab(action.tab, (tab) => tab.wake());
      case "request":
        return inTab(action.tab, (tab) => {
          for (const each of together(tab)) each.request();
        });
      case "futile request":
        return inTab(action.tab, (tab) => tab.requestInVain());
      case "token":
      case "fresh token":
        return inTab(action.tab, (tab) => tab.getToken(action.type === "fresh token"));
      case "login":
        return inTab(action.tab, (tab) => tab.login(action.user, action.password));
      case "logout":
        return inTab(action.tab, (tab) => tab.logout());
      case "edit":
        return inTab(action.tab, (tab) => {
          const name = `name ${++names}`;
          const user = tab.edit(name);
          if (user) server.edit(user, name);
        });
      case "all request":
        return inAllTabs((tab) => tab.request());
      case "all wake":
        return inAllTabs((tab) => tab.wake());
      case "offline":
      case "lossy":
      case "unavailable":
      case "hanging":
        return during(action.type, action.forMs);
      case "odd answers":
        return during("odd", action.forMs);
      case "torn answers":
        return during("torn", action.forMs);
      case "deaf API":
        return during("deaf", action.forMs);
      case "full storage":
        return fillStorage(action.forMs);
      case "clear storage":
        return storage.clear();
      case "older record":
        return storage.goBack();
      case "old message":
        return postAgain(channels, device.roll("again", draw()), true);
      case "message again":
        return postAgain(channels, device.roll("again", draw()), false);
      case "set wall clock":
        device.wallOffsetMs += action.byMs;
        return;
      case "set tab's clock":
        return inTab(action.tab, (tab) => tab.setClock(action.byMs));
      case "revoke":
        return server.revokeAll();
      case "expire":
        return server.expireAll();
    }
  };
}

/**
 * Posts a message that was posted before once more; as of an older version: with a record that would
 * sign everyone out if anyone read it.
 */
function postAgain({ posted, inject }: SimulatedChannels, dice: number, isOld: boolean): void {
  const again = posted[Math.floor(posted.length * dice)];
  if (!again) return;
  const { record, ...message } = again.message as { record?: { revision: number } };
  const revision = (record?.revision ?? 0) + 3_600_000;
  const ended = { ...record, revision, status: "signed-out" };
  inject(again.name, isOld ? { ...message, version: 0, record: ended } : again.message);
}
