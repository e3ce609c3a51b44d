import type { Platform } from "../../platform/platform.js";

/** The knowledge that the copies of this package on one page share. */
interface Page {
  /** The copies that have rendered an `AuthProvider`. */
  readonly providers: Set<object>;
  /** The Auths that `createAuth` of any copy has made. */
  readonly auths: WeakSet<object>;
}

/** A call to the auth server is made by one of these. */
interface Caller {
  readonly signal: AbortSignal;
}

/** The Auth that called last, and the one before. */
interface Turns {
  readonly last: Caller;
  readonly before?: Caller;
  readonly isNamed: boolean;
}

/** Stands for this copy. */
const thisCopy = {};
/** The key that the tabs of one app share, by Auth. */
const apps = new WeakMap<object, string>();
const justMade = new WeakSet<object>();
/** By page, which a platform stands for, and by app. */
const turns = new WeakMap<Platform, Map<string, Turns>>();

function page(): Page {
  const key = Symbol.for("react-authed-query");
  const found: unknown = Reflect.get(globalThis, key);
  // Under this symbol stands what this function has put there, in this copy or another.
  if (found) return found as Page;
  const made: Page = { providers: new Set(), auths: new WeakSet() };
  Reflect.set(globalThis, key, made);
  return made;
}

/** Told of each Auth as it is made. */
export function noteAuth(auth: object, app: string): void {
  page().auths.add(auth);
  apps.set(auth, app);
  justMade.add(auth);
  queueMicrotask(() => justMade.delete(auth));
}

/** Told of each provider as it is rendered. */
export function noteProvider(): void {
  page().providers.add(thisCopy);
}

/** It was made in the very call, or rendering, that runs now. */
export function isJustMade(auth: object): boolean {
  return justMade.has(auth);
}

/** Both stand for the same app, as two of its tabs do. */
export function areOfOneApp(left: object, right: object): boolean {
  return apps.get(left) === apps.get(right);
}

/** The `createAuth` of another copy of this package has made it. */
export function isOfAnotherCopy(auth: object): boolean {
  return page().auths.has(auth) && !apps.has(auth);
}

/** Another copy has rendered a provider, and this one none. */
export function isProviderOfAnotherCopy(): boolean {
  const { providers } = page();
  return providers.size > 0 && !providers.has(thisCopy);
}

/**
 * Told of each call to the auth server. `true`, once, if two Auths of one app take turns in one page:
 * one has called since, and the other is still there and calls again. One that replaces another does
 * not.
 */
export function takesTurns(caller: Caller, app: string, platform: Platform): boolean {
  const turnsByApp = turns.get(platform) ?? new Map<string, Turns>();
  turns.set(platform, turnsByApp);
  const known = turnsByApp.get(app);
  if (!known || known.last === caller) {
    turnsByApp.set(app, known ?? { last: caller, isNamed: false });
    return false;
  }
  const isTurn = known.before === caller && !known.last.signal.aborted;
  turnsByApp.set(app, {
    last: caller,
    before: known.last,
    isNamed: known.isNamed || isTurn,
  });
  return isTurn && !known.isNamed;
}
