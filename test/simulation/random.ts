/** A number from 0 (included) to 1 (excluded) that depends on the seed and the key alone. */
export type Roll = (...key: readonly (string | number)[]) => number;

/**
 * Randomness by name instead of by order: what is drawn for "the third call of tab 2" stays the
 * same when something else in the schedule is taken away, so that a failure can be shrunk.
 */
export function createRoll(seed: number): Roll {
  return (...key) => {
    let hash = 2_166_136_261 ^ seed;
    for (const part of key) {
      const text = typeof part === "string" ? part : `#${part}`;
      // FNV-1a.
      for (let i = 0; i < text.length; i += 1) {
        hash = Math.imul(hash ^ text.charCodeAt(i), 16_777_619);
      }
    }
    return toUnit(hash);
  };
}

/** Randomness in order, for what is drawn once: the schedule itself. */
export function createDice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    return toUnit(state);
  };
}

/** The last mixing of murmur3: neighbouring inputs give unrelated numbers. */
function toUnit(value: number): number {
  let mixed = value ^ (value >>> 16);
  mixed = Math.imul(mixed, 0x85ebca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2ae35);
  mixed ^= mixed >>> 16;
  return (mixed >>> 0) / 2 ** 32;
}
