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

/** The text without what looks like a JSON Web Token: no view shows one, wherever it comes from. */
export function hideTokens(text: string): string {
  return text.replaceAll(/\beyJ[\w-]+(\.[\w-]*)*/g, hidden);
}

/** Any data as JSON, without tokens and secrets. */
export function safeJSON(data: unknown): string {
  return JSON.stringify(
    data,
    (key, value: unknown) => {
      if (typeof value !== "string") return value;
      return /token|jwt|secret|password/i.test(key) ? hidden : hideTokens(value);
    },
    2,
  );
}

/** How a person is called. */
export function nameOf(user: object): string {
  const fields: Record<string, unknown> = { ...user };
  const names = ["name", "username", "email", "id", "sub"].map((key) => fields[key]);
  const name = names.find((each) => typeof each === "string" || typeof each === "number");
  return hideTokens(String(name ?? "someone without a name"));
}
