import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../scripts/find-fixture.mjs";
import { readBuilt, scriptsOf } from "./packedApps.js";
import { unpack } from "./packedPackage.js";
import { run } from "./run.js";
import { startServer, type ServerProcess } from "./serverProcess.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const nextApp = fixture("nextjs");
const next = join(nextApp, "node_modules/next/dist/bin/next");
const environment = {
  ...process.env,
  NODE_ENV: "production" as const,
  NEXT_TELEMETRY_DISABLED: "1",
};

export function installPackage(): Promise<void> {
  return unpack(join(nextApp, "node_modules/react-authed-query"));
}

export async function buildNextApp(): Promise<void> {
  await rm(join(nextApp, ".next"), { recursive: true, force: true });
  await run(process.execPath, [next, "build"], { cwd: nextApp, env: environment });
}

/** @throws what the compiler has to say. */
export async function checkTypes(): Promise<void> {
  const tsc = join(root, "node_modules/.bin/tsc");
  await run(tsc, ["--incremental", "false"], { cwd: nextApp, env: environment });
}

/** All that it sends to browsers. */
export async function clientScripts(): Promise<string> {
  return scriptsOf(await readBuilt(join(nextApp, ".next/static")));
}

/** Starts the app as it runs in production. */
export function startNextApp(backendURL: string): Promise<ServerProcess> {
  return startServer({
    given: [next, "start", "-H", "127.0.0.1", "-p", "0"],
    cwd: nextApp,
    env: { ...environment, BACKEND_URL: backendURL },
    listening: /Local:\s+(\S+)[^]*Ready/,
  });
}
