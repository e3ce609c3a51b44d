import { createDice } from "./random.js";
import type { Action, Schedule, Variant } from "./schedule.js";

/** What happens besides in the schedules of the second edition. */
export type Ingredient =
  /** The person signs in on a page of the server's, which leads back to a new document: `restore()`. */
  | { type: "redirect"; tab: number; user: string }
  /** The person edits the profile, here and at the server. `dispose`: the page goes on without the Auth. */
  | { type: "edit" | "dispose"; tab: number }
  /** A request to an endpoint that answers 401 to every token. */
  | { type: "futile request"; tab: number }
  | { type: "set tab's clock"; tab: number; byMs: number }
  /**
   * - `odd answers`: something before the server answers a refresh with 400, 404, 429 or HTML, or
   *   spoils the token in its answer.
   * - `torn answers`: the cookie arrives, and the connection breaks before the body does.
   * - `deaf API`: it answers 401 to every token.
   * - `full storage`: it refuses to be written to.
   */
  | { type: "odd answers" | "torn answers" | "deaf API" | "full storage"; forMs: number }
  /** `older record`: of two tabs that wrote to the storage at once, the older came last. */
  | { type: "clear storage" | "older record" }
  /** A tab still runs an older version of the app and posts what it posts; or a message comes twice. */
  | { type: "old message" | "message again" };

type Kind = Ingredient["type"];

/** Adds a few kinds of ingredients to a schedule, by a dice of their own. */
export function addIngredients(schedule: Schedule): Schedule {
  const dice = createDice(schedule.seed);
  const chance = (probability: number) => dice() < probability;
  const oneOf = <Value>(values: readonly Value[]): Value =>
    values[Math.floor(dice() * values.length)]!;
  const tabs = Math.max(1, ...schedule.actions.map((action) => ("tab" in action ? action.tab : 1)));
  const someTab = () => 1 + Math.floor(tabs * dice());
  const { hasStorage, graceMs } = schedule.variant;

  const variant: Variant = {
    ...schedule.variant,
    rotates: !chance(0.1),
    tokens: chance(0.6) ? "described" : oneOf(["jwt", "opaque"]),
    locks: chance(0.8) ? "prompt" : oneOf(["late", "unordered"]),
    // Without a grace window nobody survives that two calls cross.
    isolated: graceMs > 0 && chance(0.1) ? [someTab()] : [],
    twins: chance(0.1) ? [someTab()] : [],
  };
  const possible = kinds.filter(
    (kind) =>
      (hasStorage || !needStorage.includes(kind)) && (graceMs > 0 || !needGrace.includes(kind)),
  );
  const chosen = [oneOf(possible), oneOf(possible), oneOf(possible)];
  // Where storage gets lost, only the clock orders messages, as without.
  const losesStorage = chosen.some((kind) => loseStorage.includes(kind));
  const endMs = Math.max(0, ...schedule.actions.map(({ at }) => at));
  const count = 1 + Math.floor(6 * dice());
  const added = Array.from({ length: count }, () => make(oneOf(chosen), 200 + endMs * dice()));
  const actions = [...schedule.actions, ...added]
    .filter(({ type }) => !losesStorage || !type.startsWith("set "))
    // In order of time; what was there before comes first.
    .toSorted((left, right) => left.at - right.at);
  return { ...schedule, variant: { ...variant, losesStorage }, actions };

  function make(type: Kind, at: number): Action {
    switch (type) {
      case "redirect":
        return { at, type, tab: someTab(), user: chance(0.6) ? "ada" : "bob" };
      case "set tab's clock":
        return {
          at,
          type,
          tab: someTab(),
          byMs: (dice() - 0.5) * (chance(0.5) ? 7_200_000 : 20_000),
        };
      case "edit":
      case "dispose":
      case "futile request":
        return { at, type, tab: someTab() };
      case "odd answers":
      case "torn answers":
      case "deaf API":
      case "full storage":
        return { at, type, forMs: chance(0.3) ? 60_000 * dice() : 4000 * dice() };
      default:
        return { at, type };
    }
  }
}

const kinds: readonly Kind[] = [
  ...(["redirect", "redirect", "edit", "dispose", "futile request", "set tab's clock"] as const),
  ...(["odd answers", "torn answers", "deaf API", "full storage", "clear storage"] as const),
  ...(["old message", "message again"] as const),
];

const loseStorage: readonly Kind[] = ["full storage", "clear storage"];

/** Without storage only the clock orders messages. */
const needStorage: readonly Kind[] = ["set tab's clock", ...loseStorage];

/** What stops a page, or loses an answer, in the middle of a call. */
const needGrace: readonly Kind[] = ["redirect", "dispose"];
