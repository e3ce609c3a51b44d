import axios, { type InternalAxiosRequestConfig } from "axios";

/** The config of a request, with whose it is: a key of the session's users. */
export type MadeConfig = InternalAxiosRequestConfig & { madeBy?: () => number };

/**
 * Under which key a config keeps who made the request, for good: the app may send it again, after a
 * back-off in which another user signed in. A symbol, which is in no listing and in no JSON. Older
 * versions of axios copy only names: there it is one. The value is a function, which no JSON keeps
 * for another page, where the number is somebody else's.
 */
export function keyOfMaker(): "madeBy" {
  // Either is the key of that field; the compiler is told of the name.
  const symbol = Symbol("madeBy") as unknown as "madeBy";
  const probe: object = { [symbol]: true };
  return symbol in axios.mergeConfig({}, probe) ? symbol : "madeBy";
}
