import { spawn, type ChildProcess } from "node:child_process";
import { tmpdir } from "node:os";
import { compiledServer } from "./compileServer.js";

/** `main.ts`, compiled, in a process of its own. */
export interface BackendProcess {
  url: string;
  /** Asks it to end, and gives its exit code. */
  stop(): Promise<number | null>;
  /** Ends it without a warning. */
  kill(): void;
}

/** What a process said before it ended by itself. */
export interface Ended {
  code: number | null;
  output: string;
}

/** @throws what it printed, if it ends before it listens. */
export async function startBackend(env: Record<string, string>): Promise<BackendProcess> {
  const { child, ended, printed } = run(env);
  const url = await Promise.race([
    printed(/open: (\S+)/),
    ended.then(({ output }) => Promise.reject(new Error(output))),
  ]);
  return {
    url,
    kill: () => void child.kill("SIGKILL"),
    async stop() {
      child.kill("SIGTERM");
      return (await ended).code;
    },
  };
}

/** Runs a server that is expected to refuse to start. */
export function refuseToStart(env: Record<string, string>): Promise<Ended> {
  return run(env).ended;
}

const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [compiledServer], {
    env: { PATH: process.env["PATH"], NODE_ENV: "test", PORT: "0", APP_DIR: tmpdir(), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.once("close", () => running.delete(child));
  let output = "";
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  return {
    child,
    ended: new Promise<Ended>((resolve) => {
      child.once("close", (code) => resolve({ code, output }));
    }),
    printed: (text: RegExp) =>
      new Promise<string>((resolve) => {
        listeners.add(() => {
          const found = text.exec(output)?.[1];
          if (found !== undefined) resolve(found);
        });
      }),
  };
}
