import { createDice } from "./random.js";
import type { Action, Schedule, Variant } from "./schedule.js";

/** A few actions that belong together; their times count from the start of the scene. */
interface Scene {
  readonly actions: readonly Action[];
  /** What it cannot do without. */
  readonly needs?: Partial<Variant>;
}

interface Cast {
  /** Two tabs in which the same person is signed in. */
  readonly a: number;
  readonly b: number;
  chance(probability: number): boolean;
  /** A time between the two. */
  between(fromMs: number, toMs: number): number;
}

/** Adds a scene that chance alone would play too seldom. */
export function addScene(schedule: Schedule): Schedule {
  const dice = createDice(schedule.seed);
  const chance = (probability: number) => dice() < probability;
  const between = (from: number, to: number) => from + (to - from) * dice();
  const { actions, needs } = scenes[Math.floor(scenes.length * dice())]!({
    a: 1,
    b: 2,
    chance,
    between,
  });
  const endMs = Math.max(0, ...schedule.actions.map(({ at }) => at));
  const startMs = chance(0.5) ? between(0, 500) : endMs * dice();
  const prelude: Action[] = [
    { at: 0, type: "open", tab: 1 },
    { at: 0, type: "open", tab: 2 },
    { at: 20, type: "login", tab: 1, user: "ada", password: "right" },
    { at: 1500, type: "request", tab: 2 },
  ];
  const scene = [...prelude, ...actions.map((action) => ({ ...action, at: action.at + 2500 }))];
  const added = scene.map((action) => ({ ...action, at: action.at + startMs }));
  const variant = { ...schedule.variant, ...needs };
  const all = [...schedule.actions, ...added]
    // Where storage gets lost, only the clock orders messages, as without.
    .filter(({ type }) => !variant.losesStorage || type !== "set wall clock")
    // In order of time; what was there before comes first.
    .toSorted((left, right) => left.at - right.at);
  return { ...schedule, variant, actions: all };
}

/** A page freezes while it holds the lock, and one that waits for it is away for a part of its wait. */
function frozenHolder({ a, b, chance, between }: Cast): Scene {
  const awayAt = between(chance(0.3) ? 300 : 6300, 11_500);
  const forMs = between(12_200, 30_000);
  return {
    needs: { hasLocks: true, graceMs: 10_000 },
    actions: [
      { at: 0, type: "fresh token", tab: a },
      { at: between(15, 60), type: "freeze", tab: a, forMs: 60_000 },
      { at: between(100, 200), type: "fresh token", tab: b },
      ...(chance(0.7) ? [{ at: awayAt, type: "freeze", tab: b, forMs } as const] : []),
    ],
  };
}

/** A new page asks the others for a token under the lock, is put away, and another one gets the lock. */
function putAwayUnderLock({ a, b, between }: Cast): Scene {
  return {
    needs: { hasLocks: true, hasChannel: true, shareToken: false, graceMs: 10_000 },
    actions: [
      { at: 0, type: "reload", tab: b },
      { at: between(5, 110), type: "leave", tab: b, forMs: between(100, 600) },
      { at: between(100, 500), type: "fresh token", tab: a },
    ],
  };
}

/** Somebody signs out while a login is on its way, which is slow. */
function overtakenLogin({ a, b, chance, between }: Cast): Scene {
  const hanging: Action = { at: 0, type: "hanging", forMs: between(50, 15_000) };
  return {
    needs: { graceMs: 10_000 },
    actions: [
      ...(chance(0.5) ? [hanging] : []),
      { at: 10, type: "login", tab: a, user: chance(0.5) ? "ada" : "bob", password: "right" },
      { at: between(20, 2000), type: "logout", tab: chance(0.7) ? b : a },
    ],
  };
}

/** A page thaws and hands on the token that it had, or a message with an old token comes again. */
function olderToken({ a, b, chance, between }: Cast): Scene {
  const again = (at: number): Action => ({ at, type: "message again" });
  return {
    needs: { shareToken: true, hasChannel: true },
    actions: [
      { at: 0, type: "fresh token", tab: a },
      { at: between(5000, 9000), type: "fresh token", tab: chance(0.5) ? a : b },
      ...Array.from({ length: 10 }, (_, index) => again(11_000 + 100 * index)),
      { at: 12_500, type: "all request" },
    ],
  };
}

/** Somebody signs in or out, and the storage loses it. */
function lostRecord({ a, b, chance, between }: Cast): Scene {
  const at = between(0, 20);
  return {
    needs: { hasStorage: true, losesStorage: true },
    actions: [
      chance(0.5)
        ? { at: 0, type: "logout", tab: a }
        : { at: 0, type: "login", tab: a, user: "bob", password: "right" },
      { at, type: chance(0.5) ? "older record" : "clear storage" },
      { at: at + between(0, 300), type: "reload", tab: b },
    ],
  };
}

const scenes = [frozenHolder, putAwayUnderLock, overtakenLogin, olderToken, lostRecord] as const;
