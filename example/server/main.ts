import { readConfig } from "./config.js";
import { seededUsers } from "./seed.js";
import { startServer } from "./server.js";
import { startFault } from "./startFault.js";

try {
  const server = await startServer(readConfig(process.env));
  const users = seededUsers.map(({ email, password }) => `  ${email}  ${password}`).join("\n");
  console.log(`\nThe park is open: ${server.url}\n\nSign in as\n${users}\n`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void server.close().then(() => process.exit(0)));
  }
} catch (error) {
  console.error(startFault(error));
  process.exit(1);
}
