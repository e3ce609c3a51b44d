import { invariants } from "./invariants/index.js";
import { describeAction } from "./describe.js";
import type { Action, Schedule } from "./schedule.js";
import type { CreateAuth } from "./tab.js";
import { createWorld, type Observer, type World } from "./world.js";

/** An invariant that did not hold. */
export interface Breach {
  readonly invariant: string;
  readonly what: string;
  readonly atMs: number;
}

/**
 * Runs the schedule to its end, then lets all faults end and everything come to rest. Checks every
 * invariant after each step; stops at the first that breaks.
 */
export async function runSchedule(
  schedule: Schedule,
  createAuth: CreateAuth,
  observer: Observer = {},
): Promise<Breach | undefined> {
  const { write } = observer;
  const world = createWorld(schedule, createAuth, observer);
  for (const action of schedule.actions) {
    world.after(action.at, () => {
      write?.(world.now(), "", describeAction(action));
      world.act(action);
    });
  }
  const endMs = Math.max(0, ...schedule.actions.map(endOf)) + 1000;
  const breach =
    (await play(world, endMs)) ?? (await comeToRest(world, write)) ?? judge(world, "atRest");
  if (breach) write?.(breach.atMs, "", `BROKEN: ${breach.invariant}: ${breach.what}`);
  return breach;
}

/** Ten times what the busiest schedule takes; tabs that answer each other for ever take more. */
const mostSteps = 50_000;

/** What a correct client may need: a time limit, the longest pause, and the life of a token. */
async function comeToRest(world: World, write?: Observer["write"]): Promise<Breach | undefined> {
  world.after(0, () => {
    write?.(world.now(), "", "all faults are over");
    world.calm();
  });
  for (const waitMs of [100_000, 100_000]) {
    const breach = await play(world, world.now() + waitMs);
    if (breach) return breach;
    world.act({ at: 0, type: "all wake" });
    world.act({ at: 0, type: "all request" });
  }
  return play(world, world.now() + 30_000);
}

/** Lets everything happen that is due by then. */
async function play(world: World, untilMs: number): Promise<Breach | undefined> {
  for (;;) {
    const touched = world.step(untilMs);
    if (touched === undefined) return undefined;
    if (touched) await drained();
    const breach = judge(world, "afterStep");
    if (breach) return breach;
    if (world.history.step() > mostSteps) {
      return {
        invariant: "comes to rest",
        what: "the tabs keep each other busy",
        atMs: world.now(),
      };
    }
  }
}

function judge(world: World, when: "afterStep" | "atRest"): Breach | undefined {
  for (const invariant of invariants) {
    const what = invariant[when]?.(world);
    if (what !== undefined) return { invariant: invariant.name, what, atMs: world.now() };
  }
  return undefined;
}

/** All promises that can settle have: the event loop turns only when no microtask is left. */
function drained(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function endOf(action: Action): number {
  return action.at + ("forMs" in action ? action.forMs : 0);
}
