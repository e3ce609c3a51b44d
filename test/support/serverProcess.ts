import { spawn } from "node:child_process";
import { once } from "node:events";

/** A server that runs as a process of its own. */
export interface ServerProcess {
  readonly url: string;
  close(): Promise<void>;
}

interface Command {
  readonly node?: string;
  readonly given: string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Matches what it prints once it listens. Its first group is the address. */
  readonly listening: RegExp;
}

/** @throws all that it printed, if it ends before it listens. */
export async function startServer(command: Command): Promise<ServerProcess> {
  const { node = process.execPath, given, cwd, env, listening } = command;
  const child = spawn(node, given, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => child.kill("SIGKILL");
  process.once("exit", kill);
  const ended = once(child, "close");
  let printed = "";
  const url = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk: Buffer) => {
        printed += chunk.toString();
        const address = listening.exec(printed)?.[1];
        if (address) resolve(address);
      });
    }
    ended.then(() => reject(new Error(`${given.join(" ")} did not start:\n${printed}`)), reject);
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
