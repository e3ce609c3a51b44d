import { onTestFinished } from "vitest";

/** Takes properties away, as from an engine that lacks them, until the test ends. */
export function takeAway(...properties: readonly (readonly [owner: object, name: string])[]): void {
  for (const [owner, name] of properties) {
    const descriptor = Object.getOwnPropertyDescriptor(owner, name);
    if (!descriptor) continue;
    Reflect.deleteProperty(owner, name);
    onTestFinished(() => void Object.defineProperty(owner, name, descriptor));
  }
}
