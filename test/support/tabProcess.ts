import { readdirSync, readFileSync } from "node:fs";
import type { Tab } from "./tabs.js";

/** The processes can be told apart where Linux lists them. */
export const canFindProcesses = process.platform === "linux";

/**
 * The process in which a tab's page runs, so that it can be stopped or killed as no driver can do
 * it: of those that the browser has started for pages, the one that is busy when the page is.
 */
export async function processOf(tab: Tab, browserId: number, name: string): Promise<number> {
  for (;;) {
    const before = workOf(browserId, name);
    await tab.evaluate(() => {
      const end = performance.now() + 300;
      while (performance.now() < end);
    });
    const done = [...workOf(browserId, name)].map(
      ([id, ticks]) => [id, ticks - (before.get(id) ?? ticks)] as const,
    );
    const [busiest, next] = done.toSorted(([, one], [, other]) => other - one);
    // On a busy machine the page may have had less of its processor than it takes to be sure.
    if (busiest && busiest[1] >= 10 && busiest[1] > 3 * (next?.[1] ?? 0)) return busiest[0];
  }
}

/** How long the processes of this name have worked, in hundredths of a second, by their ids. */
function workOf(ancestor: number, name: string): Map<number, number> {
  const all = readdirSync("/proc")
    .map(Number)
    .filter((id) => id > 0)
    .flatMap((id) => readProcess(id) ?? []);
  const parents = new Map(all.map(({ id, parent }) => [id, parent]));
  const descends = (id: number): boolean => {
    const parent = parents.get(id);
    return parent === ancestor || (parent !== undefined && descends(parent));
  };
  const pages = all.filter((found) => found.name === name.slice(0, 15) && descends(found.id));
  return new Map(pages.map(({ id, ticks }) => [id, ticks]));
}

/** @see proc(5): the first 15 letters of the name stand in parentheses, and may hold some. */
function readProcess(id: number) {
  try {
    const [, name = "", rest = ""] =
      /\((.*)\) (.*)/s.exec(readFileSync(`/proc/${id}/stat`, "utf8")) ?? [];
    const fields = rest.split(" ");
    return {
      id,
      name,
      parent: Number(fields[1]),
      ticks: Number(fields[11]) + Number(fields[12]),
    };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
