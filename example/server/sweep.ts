import type { Sessions } from "./session/index.js";

/**
 * Deletes ended sessions every ten minutes, a few at a time.
 *
 * @returns the function that stops it.
 */
export function sweepRegularly(sessions: Pick<Sessions, "sweep">): () => void {
  const batch = 500;
  async function sweep(): Promise<void> {
    while ((await sessions.sweep(batch)) === batch);
  }
  const timer = setInterval(() => {
    // A database that is away is asked again the next time.
    sweep().catch((error: Error) => console.error(`sweep: ${error.message}`));
  }, 600_000);
  return () => clearInterval(timer);
}
