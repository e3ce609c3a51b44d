/** One sentence for each thing that the person who starts the server can mend. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}
