import { ConfigError } from "./configError.js";
import { isAway } from "./database.js";

/** What a person can mend, in a sentence that names the variable; a stack trace would hide it. */
export function startFault(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const code = codeOf(error);
  // That of a host with several addresses, all refused, has no message.
  const message = (error instanceof Error && error.message) || code || String(error);
  if (isAway(error) || isSQLState(code)) {
    return `DATABASE_URL must lead to a PostgreSQL server that lets us in, but: ${message}.`;
  }
  if (fileFaults.includes(code)) {
    return `DATA_DIR must be a folder that can be written to, or memory://, but: ${message}.`;
  }
  return `The server could not start: ${message}.`;
}

/** Why the server cannot listen: the one start of a socket that is not the database's. */
export function listenFault(error: Error): ConfigError {
  const sentence = listenFaults[codeOf(error)];
  return new ConfigError(sentence ?? `HOST must be an address of this machine: ${error.message}.`);
}

const listenFaults: Record<string, string> = {
  EADDRINUSE: "PORT must be a port that nothing else uses, or 0 for any free one.",
  EACCES: "PORT must be a port that this user may open, usually from 1024 up.",
};

const fileFaults = ["EACCES", "EPERM", "EROFS", "ENOTDIR", "EEXIST", "ENOENT", "ENOSPC"];

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

/** PostgreSQL, appendix A: five digits and capitals. */
function isSQLState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code);
}
