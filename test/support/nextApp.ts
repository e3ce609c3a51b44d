import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { fixture } from "../../scripts/find-fixture.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const nextApp = fixture("nextjs");
const next = join(nextApp, "node_modules/next/dist/bin/next");
const environment = {
  ...process.env,
  NODE_ENV: "production" as const,
  NEXT_TELEMETRY_DISABLED: "1",
};

/** Packs the built package, and unpacks it in the app, as npm does for its users. */
export async function installPackage(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "packed-"));
  try {
    const name = await run("npm", ["pack", "--silent", "--pack-destination", folder], root);
    const installed = join(nextApp, "node_modules/react-authed-query");
    await rm(installed, { recursive: true, force: true });
    await mkdir(installed);
    const tarball = join(folder, name.trim());
    await run("tar", ["-xzf", tarball, "--strip-components=1", "-C", installed], root);
  } finally {
    await rm(folder, { recursive: true });
  }
}

export async function buildNextApp(): Promise<void> {
  await rm(join(nextApp, ".next"), { recursive: true, force: true });
  await run(process.execPath, [next, "build"], nextApp);
}

/** @throws what the compiler has to say. */
export async function checkTypes(): Promise<void> {
  await run(join(root, "node_modules/.bin/tsc"), ["--incremental", "false"], nextApp);
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

/**
 * Runs a command to its end, and gives what it printed.
 *
 * @throws all that it printed, if it fails.
 */
function run(command: string, given: string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, given, { cwd, env: environment }, (fault, stdout, stderr) => {
      if (fault) reject(new Error(`${command} ${given.join(" ")}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}
