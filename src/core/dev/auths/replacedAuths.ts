import { isJustMade } from "./knownAuths.js";

/** The part of an `Auth` that is needed here. */
interface Replaceable {
  readonly api: object;
  ready(): Promise<unknown>;
  dispose(): void;
}

/** The app and the file of each Auth: a dev server that runs a changed file anew makes one of the same. */
const sources = new WeakMap<object, string>();
/** The Auth of each source that a provider got last. */
const latest = new Map<string, WeakRef<Replaceable>>();
/** Of each axios instance that has an Auth: where that was made, and what gives the instance back. */
const instances = new WeakMap<object, Attachment>();

interface Attachment {
  readonly auth: object;
  readonly source: string;
  readonly detach: () => void;
}

/**
 * Tells one source from another.
 *
 * @param app - what the tabs of one app have in common.
 * @param stack - that of an error made in `createAuth`.
 */
export function sourceOf(app: string, stack: string | undefined): string {
  const files = (stack ?? "").split("\n").flatMap((line) => {
    // Vite adds a query to a module that it runs anew.
    const [, file] = /([^\s(@]+?)(?:\?\S*)?(?::\d+)+\)?$/.exec(line) ?? [];
    return file ?? [];
  });
  const caller = files.find((file) => file !== files[0]);
  return `${app} ${caller}`;
}

/** Takes an axios instance, which another file may have made, from the Auth that is made again. */
export function detachReplaced(instance: object, source: string): void {
  const known = instances.get(instance);
  // Two of one run of the module are the app's mistake.
  if (known?.source === source && !isJustMade(known.auth)) known.detach();
}

/** @param detach - gives the Auth's axios instance back. */
export function noteSource(auth: Replaceable, source: string, detach: () => void): void {
  sources.set(auth, source);
  instances.set(auth.api, { auth, source, detach });
}

/**
 * Disposes of the Auth that this one replaces under Fast Refresh: nobody else can, and it would go on
 * refreshing. Only once the new one has its state, because until then it gives it the token, and may
 * have a refresh on the wire.
 *
 * @param isInUse - whether a provider has an Auth still.
 * @param letGo - makes it leave alone what may be the new one's by now.
 */
export function disposeReplaced<Auth extends Replaceable>(
  auth: Auth,
  isInUse: (former: Auth) => boolean,
  letGo: (former: Auth) => void,
): void {
  const source = sources.get(auth);
  if (!source) return;
  // Only createAuth() notes a source, so this is an Auth as well.
  const former = latest.get(source)?.deref() as Auth | undefined;
  latest.set(source, new WeakRef(auth));
  if (!former || former === auth || isInUse(former)) return;
  letGo(former);
  const dispose = () => former.dispose();
  auth.ready().then(dispose, dispose);
}
