import type { Auth, User } from "../index.js";
import type { TestAnswer, TestRequest } from "./answers.js";

/** A real `Auth`, and what a test does to its world. */
export interface TestAuth extends Auth {
  /** Changes the world, and tells what happened in it. */
  readonly test: TestControls;
}

/** Changes the world of an `Auth`, which all of its tabs share. */
export interface TestControls {
  /**
   * From now on the server takes the present access token no more: the next request meets a 401.
   *
   * @throws Error if nobody is signed in.
   */
  expireToken(): void;
  /**
   * The server revokes the session, and the app learns of it by a refresh.
   *
   * @throws Error if nobody is signed in.
   */
  refuse(): void;
  /** Cuts the network: no request is answered any more. */
  goOffline(): void;
  /** Brings the network back, as the browser's `online` event does. */
  goOnline(): void;
  /** Signs this user in, in place of the present one. Later logins do the same. */
  switchTo(user: User): void;
  /**
   * Says how a request is answered from now on.
   *
   * @param key - as in `answers`.
   * @throws TypeError for a key that names no request, and for a number that is no status.
   */
  answer(key: string, answer: TestAnswer): void;
  /** Lets time pass. Otherwise the clock stands still, with fake timers and without. */
  advance(ms: number): void;
  /** The requests that were sent, the oldest first. Holds no token. */
  readonly requests: readonly TestRequest[];
  /**
   * Resolves when everything that can be answered is, and is rendered. Does not wait for an answer
   * that the test holds back, nor for the network.
   */
  settled(): Promise<void>;
}
