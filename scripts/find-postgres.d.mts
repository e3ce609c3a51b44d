/** The folder of PostgreSQL's own programs: on the PATH, or where Debian puts them, the newest first. */
export function findPostgres(): string | undefined;
