import type { Platform } from "../platform/platform.js";

/** Lets work wait a moment for news of another tab. */
export interface NewsWait {
  /** Resolves when news arrives, or after the time. */
  wait(ms: number): Promise<void>;
  arrive(): void;
}

export function createNewsWait(platform: Platform): NewsWait {
  const waiting = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const stop = platform.startTimer(done, ms);
        waiting.add(done);
        function done(): void {
          stop();
          waiting.delete(done);
          resolve();
        }
      }),
    arrive() {
      for (const done of waiting) done();
    },
  };
}
