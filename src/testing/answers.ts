import type { User } from "../index.js";
import { assertBody, assertKey, assertStatus } from "./misuse.js";

/** A request, as an answer and a test see it: never with a token. */
export interface TestRequest {
  /** Method and path behind `baseURL`, as in `answers`: `"GET /orders"`. */
  readonly key: string;
  /** The query: `{ page: "2" }`; of a key that comes twice, the last value. */
  readonly params: Readonly<Record<string, string>>;
  /** The parsed JSON, or what was sent. */
  readonly body: unknown;
  /** By lower-case name, without the one that holds the token. */
  readonly headers: Readonly<Record<string, string>>;
  /** The user whose good token came along; `null` for a visitor and for a token that has expired. */
  readonly user: User | null;
  /** Of the answer; `undefined` while there is none, and if the network failed. */
  readonly status: number | undefined;
}

/**
 * An answer: a body, with 200 (text and a `Uint8Array` as they are, all else as JSON); a number,
 * which is a status; what {@link reply} makes; or a function that returns one of these or a promise of
 * it. A function that returns `undefined` answers 204, but to a login, refresh or logout as usual.
 */
export type TestAnswer =
  | number
  | string
  | boolean
  | null
  | object
  | ((request: TestRequest) => unknown);

/** A status with a body and headers. Made by {@link reply}. */
export interface TestReply {
  /** The HTTP status. */
  readonly status: number;
  /** The body, sent as JSON. */
  readonly body: unknown;
  /** The headers, by name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** A body may look like a reply, so those are known that `reply()` made. */
const replies = new WeakSet<object>();

/**
 * An answer with a status, a body and headers: `reply(422, { field: "email" })`.
 *
 * @throws TypeError for a status that is none, and for a body where the status has none (204).
 */
export function reply(
  status: number,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): TestReply {
  if (process.env.NODE_ENV !== "production") {
    assertStatus(status);
    assertBody(status, body);
  }
  const made = { status, body, headers };
  replies.add(made);
  return made;
}

/** @throws TypeError for a number that is no status. */
export function toReply(answer: unknown): TestReply {
  if (typeof answer === "number") return reply(answer);
  // The set holds only objects that `reply()` made.
  if (replies.has(Object(answer))) return answer as TestReply;
  return reply(answer === undefined ? 204 : 200, answer);
}

/** The scripted answers, by key. */
export type Script = Map<string, unknown>;

/** @throws TypeError for a key or an answer that is none. */
export function addAnswer(script: Script, key: string, answer: TestAnswer): void {
  if (process.env.NODE_ENV !== "production") {
    assertKey(key);
    if (typeof answer === "number") assertStatus(answer);
  }
  script.set(key, answer);
}
