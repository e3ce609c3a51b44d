import { createActions } from "./actions.js";
import { createAgenda } from "./agenda.js";
import { createBrowser } from "./browser.js";
import { createSimulatedChannels } from "./channels.js";
import { createHistory, type History } from "./history.js";
import type { Deviation } from "./invariants/allowedDeviations.js";
import { createSimulatedLocks, type SimulatedLocks } from "./locks.js";
import { createSimulatedNetwork, type SimulatedNetwork } from "./network.js";
import type { Page } from "./page.js";
import type { Device } from "./platform.js";
import { createRoll } from "./random.js";
import { createSimulatedServer, type SimulatedServer } from "./server.js";
import { createSimulatedStorage, type SimulatedStorage } from "./storage.js";
import type { Action, Schedule, Variant } from "./schedule.js";
import { isIsolated, refreshTimeoutMs, type CreateAuth, type Tab } from "./tab.js";

/** Up to ten tabs of the real core, one browser under them, one server before them. */
export interface World {
  readonly variant: Variant;
  readonly signedInBefore: string | undefined;
  now(): number;
  readonly server: SimulatedServer;
  readonly network: SimulatedNetwork;
  readonly locks: SimulatedLocks;
  readonly history: History;
  /** The tabs that are open, also the frozen ones. */
  tabs(): Tab[];
  /** The tabs whose Auth was disposed of, and when. */
  readonly disposed: readonly { readonly tab: Tab; readonly atMs: number }[];
  /** When all tabs were last told to make a request. */
  lastRoundAt(): number;
  /** A clock was set: which of two tokens is the younger is not certain any more. */
  wereClocksSet(): boolean;
  /** Whether an invariant may allow this deviation; asked where it would. */
  allows(deviation: Deviation): boolean;
  /** It has `tabs: false`. */
  isIsolated(page: Page): boolean;
  readonly storage: SimulatedStorage;
  /** How many documents there have been. */
  documents(): number;
  act(action: Action): void;
  /** Calls back after a while, for what a schedule cannot say. */
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

/** Who looks on. */
export interface Observer {
  /** Writes down what happens, for a report. */
  write?(atMs: number, who: string, text: string): void;
  /** Says whether a deviation is allowed; each is if omitted. */
  allows?(deviation: Deviation): boolean;
}

export function createWorld(
  { seed, variant, signedIn }: Omit<Schedule, "actions">,
  createAuth: CreateAuth,
  { write, allows = () => true }: Observer = {},
): World {
  const agenda = createAgenda();
  const { now, after } = agenda;
  const roll = createRoll(seed);
  let touched = false;
  let draws = 0;
  let lastRoundAt = 0;
  let wereClocksSet = false;

  const draw = () => ++draws;
  const clock = () => now() - device.sleptMs;
  const note = (page: Page, text: string) => write?.(now(), `tab ${page.name}`, text);
  const isTabIsolated = (page: Page) => isIsolated(page, variant);
  const server = createSimulatedServer(now, variant);
  const history = createHistory(now, server, () => network, isTabIsolated);
  const locks = createSimulatedLocks({
    now,
    clock,
    after,
    delayMs(page, what) {
      const n = draw();
      const isLate = variant.locks === "late" && what === "grant" && roll("late", n) < 0.3;
      return (isLate ? latestGrantMs : 4) * roll(what, page.name, n);
    },
    next: (waiting) =>
      variant.locks === "unordered" ? Math.floor(waiting * roll("next", draw())) : 0,
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
        isTabIsolated(page) ||
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
  const browser = createBrowser({
    now,
    clock,
    after,
    touch: () => {
      touched = true;
    },
    draw,
    device: () => device,
    server,
    history,
    createAuth,
  });
  const storage = createSimulatedStorage(now, browser.tellOfStorage);
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
  };
  const act = createActions({ after, draw, browser, device, server });
  if (signedIn) network.jar.token = server.signIn(signedIn);

  return {
    variant,
    signedInBefore: signedIn,
    now,
    server,
    network,
    locks,
    history,
    tabs: browser.tabs,
    disposed: browser.disposed,
    lastRoundAt: () => lastRoundAt,
    wereClocksSet: () => wereClocksSet,
    allows,
    isIsolated: isTabIsolated,
    storage,
    documents: browser.documents,
    act(action) {
      if (action.type === "all request") lastRoundAt = now();
      wereClocksSet ||= action.type.startsWith("set ");
      act(action);
    },
    after,
    calm() {
      for (const mood of moods) network.setMood(mood, false);
      storage.setFull(false);
      browser.comeToRest();
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
