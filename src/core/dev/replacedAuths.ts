/** What is needed of an `Auth` here. */
interface Replaceable {
  ready(): Promise<unknown>;
  dispose(): void;
}

/** Of each Auth: its app, and the file that made it. */
const sources = new WeakMap<object, string>();
/** The Auth of each source that a provider got last. */
const latest = new Map<string, WeakRef<Replaceable>>();

/**
 * Notes where an Auth is made. A dev server that runs a changed module anew makes another one there.
 *
 * @param app - what the tabs of one app have in common.
 * @param stack - that of an error made where `createAuth` is.
 */
export function noteSource(auth: Replaceable, app: string, stack: string | undefined): void {
  const files = (stack ?? "").split("\n").flatMap((line) => {
    // Vite adds a query to a module that it runs anew.
    const [, file] = /([^\s(@]+?)(?:\?\S*)?(?::\d+)+\)?$/.exec(line) ?? [];
    return file ?? [];
  });
  const caller = files.find((file) => file !== files[0]);
  sources.set(auth, `${app} ${caller}`);
}

/**
 * Disposes of the Auth that this one replaces under Fast Refresh: nobody else can, and it would go on
 * refreshing. Only once the new one has its state, because until then it gives it the token, and may
 * have a refresh on the wire.
 *
 * @param isInUse - whether a provider has an Auth still.
 */
export function disposeReplaced<Auth extends Replaceable>(
  auth: Auth,
  isInUse: (former: Auth) => boolean,
): void {
  const source = sources.get(auth);
  if (!source) return;
  // Of one source: what the same createAuth() has made.
  const former = latest.get(source)?.deref() as Auth | undefined;
  latest.set(source, new WeakRef(auth));
  if (!former || former === auth || isInUse(former)) return;
  const dispose = () => former.dispose();
  auth.ready().then(dispose, dispose);
}
