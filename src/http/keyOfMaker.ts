import axios, { type InternalAxiosRequestConfig } from "axios";

/** The config of a request, with whose it is: a key of the session's users. */
export type MadeConfig = InternalAxiosRequestConfig & { madeBy?: () => number };

/**
 * The key of a config for the user who made the request: the app may send the config again after
 * another user has signed in. A symbol where axios copies symbols, else a name. The value is a function,
 * so that JSON drops it: on another page the number is somebody else's.
 */
export function keyOfMaker(): "madeBy" {
  // Either is the key of that field; the compiler is told of the name.
  const symbol = Symbol("madeBy") as unknown as "madeBy";
  const probe: object = { [symbol]: true };
  return symbol in axios.mergeConfig({}, probe) ? symbol : "madeBy";
}
