import { execFile } from "node:child_process";

/**
 * Runs a command to its end, and gives what it printed.
 *
 * @throws all that it printed, if it fails.
 */
export function run(
  command: string,
  given: string[],
  { cwd, env = process.env }: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, given, { cwd, env }, (fault, stdout, stderr) => {
      if (fault) reject(new Error(`${command} ${given.join(" ")}\n${stdout}${stderr}`));
      else resolve(stdout);
    });
  });
}
