import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import manifest from "../../package.json";

interface Job {
  uses?: string;
  needs?: string;
  container?: string;
  permissions?: Record<string, string>;
  strategy?: { matrix: { node: number[] } };
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const ci = readWorkflow("ci");
const release = readWorkflow("release");
const script = readFileSync(".ci/run", "utf8");
/** The commands of `.ci/run`, in their order. */
const steps = [...script.matchAll(/^step ".*" (.*)$/gm)].map(([, command = ""]) => command);

test("each change, and each release, is checked by `.ci/run` itself", () => {
  expect(ci.on).toHaveProperty("pull_request");
  expect(ci.on).toHaveProperty("push.branches", ["main"]);
  expect(commandsOf(ci.jobs["everything"])).toEqual([".ci/run"]);
  expect(release.jobs["check"]?.uses).toBe("./.github/workflows/ci.yml");
  expect(release.jobs["publish"]?.needs).toBe("check");
});

test("what else they run are its commands, and those that release", () => {
  const [install] = steps;
  expect(commandsOf(ci.jobs["newer-node"])).toEqual([install, "npm run check"]);
  expect(commandsOf(release.jobs["publish"])).toEqual([
    install,
    "npm run release:check",
    "npm publish --provenance",
  ]);
});

test("`.ci/run` runs all that a contributor's check does, and the setup and the tests beyond", () => {
  const check = manifest.scripts.check.split(" && ");
  // The first step of `npm test`.
  const others = check.filter((command) => command !== "npm run types");
  expect(readFileSync("scripts/test.mjs", "utf8")).toContain('"--silent", "types"');
  const beyond = ["npm ci --no-audit --no-fund", "npm run test:setup", "npm run test:all"];
  expect(steps.toSorted()).toEqual([...others, ...beyond].toSorted());
});

test("every script that is named is there", () => {
  const texts = [script, JSON.stringify([ci, release]), manifest.scripts.check];
  const named = texts.flatMap((text) => [...text.matchAll(/npm run ([\w:]+)/g)]);
  expect(named.length).toBeGreaterThan(10);
  for (const [, name = ""] of named) expect(Object.keys(manifest.scripts)).toContain(name);
});

test("the Nodes are the oldest that is promised, and the newer long-term ones", () => {
  const oldest = /\d+/.exec(manifest.engines.node)?.[0];
  expect(ci.jobs["everything"]?.container).toBe(`node:${oldest}-bookworm`);
  expect(ci.jobs["newer-node"]?.strategy?.matrix.node).toEqual([22, 24]);
});

test("only the job that publishes may do more than read, and it holds no secret", () => {
  const jobs = [ci, release].flatMap(({ jobs: all }) => Object.entries(all));
  const permitted = jobs.filter(([, { permissions }]) => permissions);
  expect(permitted.map(([name, { permissions }]) => [name, permissions])).toEqual([
    ["publish", { contents: "read", "id-token": "write" }],
  ]);
  for (const { permissions } of [ci, release]) expect(permissions).toEqual({ contents: "read" });
  expect(JSON.stringify([ci, release])).not.toMatch(/secrets|TOKEN/);
  const used = jobs.flatMap(([, job]) => job.steps ?? []).filter(({ uses }) => uses);
  expect(used.length).toBeGreaterThan(3);
  for (const { uses } of used) {
    expect(uses).toMatch(/^actions\/(checkout|setup-node)@(v\d+|[\da-f]{40})$/);
  }
  const checkouts = used.filter(({ uses }) => uses?.startsWith("actions/checkout"));
  for (const { with: given } of checkouts) expect(given).toEqual({ "persist-credentials": false });
});

function readWorkflow(name: string): Workflow {
  // Ours. What is missing fails a test.
  return parse(readFileSync(`.github/workflows/${name}.yml`, "utf8")) as Workflow;
}

function commandsOf(job: Job | undefined): string[] {
  return job?.steps?.flatMap(({ run }) => run ?? []) ?? [];
}
