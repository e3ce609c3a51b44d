import { addIngredients, type Ingredient } from "./ingredients.js";
import { createDice } from "./random.js";

/** What the browser and the server of one story are like. */
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
  loners: readonly number[];
  /** The tabs in which two Auths live. */
  twins: readonly number[];
}

export type Action = PlainAction | ({ readonly at: number } & Ingredient);

/** What the stories of the first edition tell of. */
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

/** What happens, in full: the same story always takes the same course. */
export interface Story {
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
  loners: [],
  twins: [],
};

/**
 * From this number on, a seed tells the story of the seed as far from zero, with more ingredients:
 * what was added later takes no story away from the seeds before.
 */
export const secondEdition = 10_000_000;

/** Makes up the story of a seed. */
export function tellStory(seed: number): Story {
  return seed < secondEdition
    ? tellPlainStory(seed)
    : addIngredients({ ...tellPlainStory(seed - secondEdition), seed });
}

function tellPlainStory(seed: number): Story {
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

/** The action in words. */
export function describeAction(action: Action): string {
  switch (action.type) {
    case "redirect":
      return `tab ${action.tab}: ${action.user} signs in by redirect`;
    case "set tab's clock":
      return `tab ${action.tab}: its clock is set by ${seconds(action.byMs)}`;
    case "odd answers":
    case "torn answers":
    case "deaf API":
    case "full storage":
      return `${action.type} for ${seconds(action.forMs)}`;
    case "clear storage":
    case "old message":
    case "message again":
      return action.type;
    case "login":
      return `tab ${action.tab}: ${action.user} signs in${action.password === "wrong" ? " with a wrong password" : ""}`;
    case "freeze":
    case "leave":
      return `tab ${action.tab}: ${action.type} for ${seconds(action.forMs)}`;
    case "offline":
    case "lossy":
    case "unavailable":
    case "hanging":
    case "sleep":
      return `${action.type} for ${seconds(action.forMs)}`;
    case "set wall clock":
      return `the wall clock is set by ${seconds(action.byMs)}`;
    case "all request":
    case "all wake":
    case "revoke":
    case "expire":
      return action.type;
    default:
      return `tab ${action.tab}: ${action.type}`;
  }
}

export function describeVariant({
  hasLocks,
  hasChannel,
  hasStorage,
  graceMs,
  shareToken,
  rotates,
  tokens,
  locks,
  loners,
  twins,
}: Variant): string {
  const missing = [
    !hasLocks && "Web Locks",
    !hasChannel && "BroadcastChannel",
    !hasStorage && "storage",
    graceMs === 0 && "a grace window",
    !shareToken && "shared tokens",
    !rotates && "rotation",
  ].filter((name) => name !== false);
  const special = [
    tokens !== "described" && `${tokens} tokens`,
    locks !== "prompt" && `${locks} locks`,
    loners.length > 0 && `tabs: false in ${loners.join(", ")}`,
    twins.length > 0 && `two Auths in ${twins.join(", ")}`,
  ].filter((name) => name !== false);
  return [
    missing.length > 0 ? `without ${missing.join(", ")}` : "with everything",
    ...special,
  ].join(", ");
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
