import { ConfigError, readConfig } from "./config.js";
import { seededUsers } from "./seed.js";
import { startServer } from "./server.js";

try {
  const server = await startServer(readConfig(process.env));
  const users = seededUsers.map(({ email, password }) => `  ${email}  ${password}`).join("\n");
  console.log(`\nThe park is open: ${server.url}\n\nSign in as\n${users}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  // What a person can mend is said in a sentence; a stack trace would only hide it.
  console.error(error instanceof ConfigError ? error.message : startFault(error));
  process.exit(1);
}

function startFault(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "PORT: the port is in use. Choose another, or 0 for any.";
  if (code === "ECONNREFUSED") return "DATABASE_URL: no PostgreSQL server answers there.";
  return `The server could not start: ${error instanceof Error ? error.message : String(error)}`;
}
