import { fixture } from "../../scripts/find-fixture.mjs";
import { run } from "./run.js";

/** Makes of the OpenAPI document what apps make of theirs, once for all tests of the clients. */
export default async function generateClients(): Promise<void> {
  await run("npm", ["run", "generate"], { cwd: fixture("clients") });
}
