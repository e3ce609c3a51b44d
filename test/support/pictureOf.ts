import { AxiosHeaders } from "axios";

/** What differs from one sending to the next and says nothing, and what only a sender may see. */
const passing = ["duration", "request", "stack", "date", "authorization", "rate", "estimated"];

/** What axios' adapter for Node writes into the headers it is given: ours are a copy. */
const ofNode = ["accept-encoding", "content-length", "user-agent"];

/**
 * Kind and content of a value, to be compared with that of another run. Functions, agents, signals and
 * the like are told by their kind: whether one is the very same, the app has to say.
 *
 * @param url - of the server, for which a word stands.
 */
export function pictureOf(value: unknown, url: string, seen: unknown[] = []): unknown {
  if (typeof value === "string") return value.replaceAll(url, "http://server");
  if (typeof value === "function") return `function ${value.name}`;
  if (typeof value !== "object" || value === null) return value;
  const kind = value.constructor?.name ?? "Object";
  if (seen.includes(value)) return `the same ${kind}`;
  const within = (inner: unknown) => pictureOf(inner, url, [...seen, value]);
  if (value instanceof AxiosHeaders) {
    const written = Object.entries(value.toJSON());
    const headers = written.filter(([name]) => !ofNode.includes(name.toLowerCase()));
    return [kind, within(Object.fromEntries(headers))];
  }
  if (value instanceof FormData || value instanceof URLSearchParams) return [kind, [...value]];
  if (value instanceof Blob) return [kind, value.size, value.type];
  if (value instanceof ArrayBuffer) return [kind, Buffer.from(value).toString("latin1")];
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return [kind, Buffer.from(buffer, byteOffset, byteLength).toString("latin1")];
  }
  if (Array.isArray(value)) return value.map(within);
  if (!["Object", "AxiosError", "CanceledError"].includes(kind)) return `a ${kind}`;
  const fields = Object.entries(value)
    .filter(([name]) => !passing.includes(name.toLowerCase()))
    .map(([name, inner]) => [name, within(inner)] as const);
  return { kind, ...Object.fromEntries(fields) };
}
