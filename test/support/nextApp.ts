import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../scripts/find-fixture.mjs";
import { installPacked } from "./packedPackage.js";
import { run } from "./run.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const nextApp = fixture("nextjs");
const next = join(nextApp, "node_modules/next/dist/bin/next");
const environment = {
  ...process.env,
  NODE_ENV: "production" as const,
  NEXT_TELEMETRY_DISABLED: "1",
};

export function installPackage(): Promise<void> {
  return installPacked(join(nextApp, "node_modules/react-authed-query"));
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

/** The app as it runs in production. */
export interface NextApp {
  readonly url: string;
  close(): Promise<void>;
}

export async function startNextApp(backendURL: string): Promise<NextApp> {
  const child = spawn(process.execPath, [next, "start", "-H", "127.0.0.1", "-p", "0"], {
    cwd: nextApp,
    env: { ...environment, BACKEND_URL: backendURL },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "close");
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        const address = /Local:\s+(\S+)[^]*Ready/.exec(printed)?.[1];
        if (address) resolve(address);
      });
    }
    ended.then(() => reject(new Error(`Next.js did not start:\n${printed}`)), reject);
  });
  return {
    url,
    async close() {
      child.kill();
      await ended;
      process.off("exit", kill);
    },
  };
}
