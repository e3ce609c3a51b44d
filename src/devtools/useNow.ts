"use client";

import { useSyncExternalStore } from "react";

/** The wall clock in milliseconds, rendered anew each second. */
export function useNow(): number {
  return useSyncExternalStore(everySecond, currentSecond, currentSecond);
}

function everySecond(onTick: () => void): () => void {
  const timer = setInterval(onTick, 1000);
  return () => clearInterval(timer);
}

function currentSecond(): number {
  return Math.floor(Date.now() / 1000) * 1000;
}
