import { describeVariant, seconds } from "./describe.js";
import { runSchedule, type Breach } from "./run.js";
import type { Schedule } from "./schedule.js";
import type { CreateAuth } from "./tab.js";

/** Takes away every action that the breach does not need. */
async function shrink(
  schedule: Schedule,
  breach: Breach,
  createAuth: CreateAuth,
): Promise<Schedule> {
  let { actions } = schedule;
  for (let size = Math.ceil(actions.length / 2); size >= 1;) {
    let isSmaller = false;
    for (let from = actions.length - size; from > -size; from -= size) {
      const start = Math.max(0, from);
      const fewer = [...actions.slice(0, start), ...actions.slice(from + size)];
      if (fewer.length === actions.length) continue;
      const again = await runSchedule({ ...schedule, actions: fewer }, createAuth);
      if (again?.invariant !== breach.invariant) continue;
      actions = fewer;
      isSmaller = true;
    }
    if (size === 1 && !isSmaller) break;
    size = size === 1 ? 1 : Math.floor(size / 2);
  }
  return { ...schedule, actions };
}

/** What broke, and the shortest schedule that shows it, as a timeline. */
export async function report(
  schedule: Schedule,
  breach: Breach,
  createAuth: CreateAuth,
): Promise<string> {
  const short = await shrink(schedule, breach, createAuth);
  const lines: string[] = [];
  const again = await runSchedule(short, createAuth, {
    write: (atMs, who, text) =>
      lines.push(`${seconds(atMs).padStart(11)}  ${who ? `  ${who} ${text}` : text}`),
  });
  return [
    `Seed ${schedule.seed}, ${describeVariant(schedule.variant)}, ${schedule.signedIn ?? "nobody"} signed in before.`,
    `Broken: ${breach.invariant}: ${again?.what ?? breach.what}`,
    ...lines,
  ].join("\n");
}
