import { readConfig } from "./config.js";
import { startServer } from "./server.js";
import { startFault } from "./startFault.js";
import { welcome } from "./welcome.js";

try {
  const config = readConfig(process.env);
  const server = await startServer(config);
  console.log(welcome(server.url, config));
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      // Whatever does not end by itself must not keep the process.
      setTimeout(() => process.exit(1), 8000).unref();
      void server.close().then(() => process.exit(0));
    });
  }
} catch (error) {
  console.error(startFault(error));
  process.exit(1);
}
