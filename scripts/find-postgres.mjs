import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The folder of PostgreSQL's own programs: on the PATH, or where Debian puts them, the newest first. */
export function findPostgres() {
  const versions = "/usr/lib/postgresql";
  const folders = [
    ...(process.env.PATH ?? "").split(delimiter),
    ...(existsSync(versions) ? readdirSync(versions) : [])
      .toSorted((one, other) => Number(other) - Number(one))
      .map((name) => join(versions, name, "bin")),
  ];
  return folders.find(
    (folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "pg_ctl")),
  );
}
