/** Lets real time pass: TanStack Query keeps time by timers of its own. */
export function pass(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
