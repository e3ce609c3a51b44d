import type { Config } from "./config.js";
import { guests } from "./seed.js";

/** What the server says once it is open. */
export function welcome(url: string, { isDemo }: Pick<Config, "isDemo">): string {
  const doors = isDemo
    ? ["Sign in as", ...guests.map(({ email, password }) => `  ${email}  ${password}`)]
    : ["There are no guests here. Make an account, or set DEMO=on."];
  return ["", `The park is open: ${url}`, "", ...doors, ""].join("\n");
}
