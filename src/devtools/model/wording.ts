/** The time of day, with milliseconds. */
export function clockTime(at: number): string {
  const time = new Date(at);
  return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, "0")}`;
}

const units = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
] as const;

/** A length of time in its two largest units: "35 ms", "1.5 s", "12 s", "4 min 10 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ms`;
  if (ms < 10_000) return `${Math.round(ms / 100) / 10} s`;
  let left = Math.round(ms / 1000);
  const parts: string[] = [];
  for (const [unit, seconds] of units) {
    const count = Math.floor(left / seconds);
    left -= count * seconds;
    if (count > 0 && parts.length < 2) parts.push(`${count} ${unit}`);
    else if (parts.length > 0) break;
  }
  return parts.join(" ");
}

/** The result of a call: "unavailable (503)". */
export function answerText(verdict: string, status: number | undefined): string {
  return status === undefined ? verdict : `${verdict} (${status})`;
}

/** A tab by the first digits of its id. */
export function tabName(id: string): string {
  return `Tab ${id.slice(0, 4)}`;
}

/** A number of things: "1 refresh", "2 refreshes". */
export function plural(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}

const hidden = "(hidden)";

/** Names of what nobody may see, however long or short it is. */
const secretNames =
  "token|jwt|bearer|authorization|session|cookie|secret|passw(?:or)?d|passphrase|passcode|credential|csrf|xsrf|(?:api|access|private|signing|encryption)[-_ ]?key";

const secretName = new RegExp(`${secretNames}|^(?:auth|otp|pin|pwd|sid)$`, "i");

/** `session=…` in a path or a cookie. */
const namedSecret = new RegExp(`((?:${secretNames})[\\w-]*=)[^\\s;&]+`, "gi");

/** In a path there may be %3A before it, and %2E for its dots. */
const jsonWebToken = /(\b|_|%[\dA-Fa-f]{2})eyJ[\w-]+((\.|%2[Ee])[\w-]*)*/g;

/**
 * The text without what looks like a JSON Web Token, is named as a secret, or follows `Bearer`: no view
 * shows one, wherever it comes from.
 */
export function hideTokens(text: string): string {
  return text
    .replaceAll(jsonWebToken, `$1${hidden}`)
    .replaceAll(namedSecret, `$1${hidden}`)
    .replaceAll(/(\bBearer )\S+/g, `$1${hidden}`);
}

/** Any data as JSON, without tokens and secrets. */
export function safeJSON(data: unknown): string {
  try {
    return JSON.stringify(data, shownValue, 2);
  } catch (error) {
    // A user may be what the app has made of it: with a circle, say.
    return `No JSON: ${String(error)}`;
  }
}

function shownValue(key: string, value: unknown): unknown {
  // A yes or no is no secret, and the tokens of a page are only counted.
  const isSecret = secretName.test(key) && key !== "tokenVersion";
  if (isSecret && value !== null && typeof value !== "boolean") return hidden;
  if (typeof value === "bigint") return String(value);
  return typeof value === "string" ? hideTokens(value) : value;
}

/** How a person is called. */
export function nameOf(user: object): string {
  const fields: Record<string, unknown> = { ...user };
  const names = ["name", "username", "email", "id", "sub"].map((key) => fields[key]);
  const name = names.find((each) => typeof each === "string" || typeof each === "number");
  return hideTokens(String(name ?? "someone without a name"));
}
