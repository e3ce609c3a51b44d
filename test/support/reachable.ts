/** Every string that can be reached from a value, symbols and hidden fields included. */
export function reachable(root: unknown): string {
  const seen = new Set<unknown>();
  const texts: string[] = [];
  const queue = [root];
  while (queue.length > 0) {
    const value = queue.pop();
    if (typeof value === "string") texts.push(value);
    if (value instanceof Uint8Array || typeof value !== "object" || !value || seen.has(value))
      continue;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Reflect.getOwnPropertyDescriptor(value, key);
      if (descriptor && "value" in descriptor) queue.push(key, descriptor.value);
    }
  }
  return texts.join("\n");
}
