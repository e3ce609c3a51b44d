import type { Platform } from "./platform.js";

/** One moment on both clocks: sleep stops the monotonic one, a clock change moves the wall clock. */
export interface Instant {
  readonly wall: number;
  readonly monotonic: number;
}

/** Milliseconds since then: what the faster of the two clocks says. */
export function msSince(then: Instant, platform: Platform): number {
  return Math.max(platform.now() - then.wall, platform.monotonicNow() - then.monotonic);
}

/** This moment on both clocks. */
export function instant(platform: Platform): Instant {
  return { wall: platform.now(), monotonic: platform.monotonicNow() };
}
