/** `true` for an object with fields, not an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The kind of a value, of whichever page or polyfill: `"Object"`, `"FormData"`, … */
export function kindOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** The fields of a value; none if it has none. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}

/** `true` for a number strictly between the two. */
export function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === "number" && value > least && value < most;
}
