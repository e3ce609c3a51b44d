import { addIngredients, type Ingredient } from "./ingredients.js";
import { createDice } from "./random.js";
import { addScene } from "./scenes.js";

/** What the browser and the server of one schedule are like. */
export interface Variant {
  hasLocks: boolean;
  hasChannel: boolean;
  hasStorage: boolean;
  /** How long the server forgives the parent of an unused child; 0 for never. */
  graceMs: 0 | 10_000;
  shareToken: boolean;
  /** `false`: the refresh token stays the same for the whole session, and nobody detects its reuse. */
  rotates: boolean;
  /**
   * `described`: the answer says how long the token lives and whose it is. `jwt`: only its claims do.
   * `opaque`: nothing says how long it lives.
   */
  tokens: "described" | "jwt" | "opaque";
  /** Locks come when they should; up to seconds late; or to whoever happens to be next. */
  locks: "prompt" | "late" | "unordered";
  /** What stands in the storage may get lost. */
  losesStorage: boolean;
  /** The tabs with `tabs: false`. */
  isolated: readonly number[];
  /** The tabs in which two Auths live. */
  twins: readonly number[];
}

export type Action = PlainAction | ({ readonly at: number } & Ingredient);

/** What happens in the schedules of the first edition. */
export type PlainAction = { readonly at: number } & (
  | { type: "open" | "close" | "crash" | "reload" | "wake"; tab: number }
  | { type: "request" | "token" | "fresh token" | "logout"; tab: number }
  | { type: "login"; tab: number; user: string; password: "right" | "wrong" }
  /** `freeze`: stops in place. `leave`: goes to the back/forward cache, and comes back. */
  | { type: "freeze" | "leave"; tab: number; forMs: number }
  /** All tabs at once. */
  | { type: "all request" | "all wake" }
  | { type: "offline" | "lossy" | "unavailable" | "hanging" | "sleep"; forMs: number }
  | { type: "set wall clock"; byMs: number }
  /** The server ends every session, or makes every access token invalid. */
  | { type: "revoke" | "expire" }
);

/** What happens, in full: the same schedule always takes the same course. */
export interface Schedule {
  readonly seed: number;
  readonly variant: Variant;
  /** Who had signed in before it began. */
  readonly signedIn: string | undefined;
  /** In order of time. */
  readonly actions: readonly Action[];
}

const everything: Variant = {
  hasLocks: true,
  hasChannel: true,
  hasStorage: true,
  graceMs: 10_000,
  shareToken: true,
  rotates: true,
  tokens: "described",
  locks: "prompt",
  losesStorage: false,
  isolated: [],
  twins: [],
};

/**
 * From this number on, a seed means the schedule of the seed as far from zero, with more ingredients:
 * what was added later leaves the schedules of the seeds before as they were.
 */
export const secondEdition = 10_000_000;

/** The same, with a scene in which the tabs need what protects them. */
export const thirdEdition = 10_000_000_000;

/** Makes the schedule of a seed. */
export function createSchedule(seed: number): Schedule {
  if (seed >= thirdEdition) return addScene({ ...createPlainSchedule(seed - thirdEdition), seed });
  return seed < secondEdition
    ? createPlainSchedule(seed)
    : addIngredients({ ...createPlainSchedule(seed - secondEdition), seed });
}

function createPlainSchedule(seed: number): Schedule {
  const dice = createDice(seed);
  const chance = (probability: number) => dice() < probability;
  const oneOf = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(dice() * values.length)]!;

  const variant = oneOf<Partial<Variant>>([
    ...Array.from({ length: 9 }, () => ({})),
    { hasLocks: false },
    { hasLocks: false },
    { hasChannel: false },
    { hasChannel: false },
    { hasLocks: false, hasChannel: false },
    { hasStorage: false },
    { hasStorage: false },
    { hasStorage: false, hasChannel: false },
    { graceMs: 0 },
    { graceMs: 0 },
    { graceMs: 0 },
  ]);
  const browser: Variant = { ...everything, ...variant, shareToken: chance(0.75) };
  const tabs = 1 + Math.floor(10 * dice() ** 2);
  const signedIn = chance(0.6) ? "ada" : undefined;
  const actions: Action[] = [];
  let at = 0;

  for (let tab = 1; tab <= tabs; tab += 1) {
    if (tab === 1 || chance(0.8)) actions.push({ at, type: "open", tab });
    if (chance(0.3)) at += 200 * dice();
  }
  if (!signedIn) {
    at += 300 * dice();
    actions.push({ at, type: "login", tab: 1, user: "ada", password: "right" });
  }

  const kinds = (browser.graceMs === 0 ? mild : [...mild, ...mild, ...harsh]).filter(
    // Without storage only the wall clock tells which of two messages is the newer.
    (kind) => browser.hasStorage || kind !== "set wall clock",
  );
  const count = 6 + Math.floor(26 * dice());
  for (let i = 0; i < count; i += 1) {
    // Things happen in heaps, and in between a token grows old.
    at += chance(0.6) ? 400 * dice() ** 2 : 12_000 * dice();
    actions.push(act(oneOf(kinds), at));
  }
  return { seed, variant: browser, signedIn, actions };

  function act(type: PlainAction["type"], time: number): Action {
    const tab = 1 + Math.floor(tabs * dice());
    const longMs = chance(0.3) ? 60_000 * dice() : 4000 * dice();
    switch (type) {
      case "login":
        return {
          at: time,
          type,
          tab,
          user: chance(0.6) ? "ada" : "bob",
          password: chance(0.9) ? "right" : "wrong",
        };
      case "freeze":
      case "leave":
        return { at: time, type, tab, forMs: longMs };
      case "offline":
      case "lossy":
      case "unavailable":
      case "hanging":
      case "sleep":
        return { at: time, type, forMs: longMs };
      case "set wall clock":
        return { at: time, type, byMs: (dice() - 0.5) * (chance(0.5) ? 7_200_000 : 20_000) };
      case "all request":
      case "all wake":
      case "revoke":
      case "expire":
        return { at: time, type };
      default:
        return { at: time, type, tab };
    }
  }
}

/** What a client can come through even without a grace window: see `invariants/noReuse.ts`. */
const mild: readonly PlainAction["type"][] = [
  ...["request", "request", "request", "request", "all request", "all request"],
  ...["login", "login", "logout", "token", "fresh token", "wake", "all wake"],
  ...["open", "close", "reload", "offline", "lossy", "unavailable"],
  ...["set wall clock", "expire", "revoke"],
] as PlainAction["type"][];

/** What stops a page, or a call, in the middle. */
const harsh: readonly PlainAction["type"][] = [
  ...["crash", "reload", "close", "freeze", "freeze", "leave", "leave", "hanging", "sleep"],
] as PlainAction["type"][];
