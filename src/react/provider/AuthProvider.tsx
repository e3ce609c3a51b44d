"use client";

import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import {
  Fragment,
  useContext,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import type { Auth, CreateAuthOptions } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { disposeReplaced } from "../../core/dev/auths/replacedAuths.js";
import type { LogoutEvent } from "../../core/vocabulary/events.js";
import { createAuth } from "../../createAuth.js";
import { AuthContext } from "../context/AuthContext.js";
import {
  bindClient,
  isAnothers,
  isProvided,
  isServer,
  takeClient,
  watchClient,
  watchOnly,
} from "../isolation/clientOwner.js";
import { useProviderWarnings } from "./providerWarnings.js";
import { clearLateWrites } from "../isolation/clearLateWrites.js";

/** The props of `<AuthProvider>`: an `Auth`, or the options to make one for its life. */
export type AuthProviderProps = {
  /** Called once for each session that ends. May change from render to render. */
  onLogout?: ((event: LogoutEvent) => void) | undefined;
  /** The nearest client above if omitted, else the `Auth`'s own. Belongs to one `Auth` at a time. */
  queryClient?: QueryClient | undefined;
  /** The app. */
  children?: ReactNode;
} & (
  | ({ auth: Auth } & { [option in keyof Omit<CreateAuthOptions, "onLogout">]?: never })
  | ({ auth?: never } & Omit<CreateAuthOptions, "onLogout">)
);

/**
 * Gives an `Auth` to the tree and starts the restoration of the session. After a logout or a switch
 * of user it empties the query cache and remounts what is below it, so what must survive that (the
 * router object, toasts) stands above. After a refusal it keeps both, for the same user to go on.
 * Options are read once, when it mounts. Anything that a component saves or writes into the cache as it
 * is unmounted then is dropped: save while the user is still here, before `logout()`.
 *
 * May be given another `auth`, say another tenant's: what the former user has left goes, in the query
 * client too. The former `Auth` stays signed in. Only the one that Fast Refresh replaces, in
 * development, is disposed of.
 *
 * React throws a first rendering away that suspends, and options would make an Auth for each try:
 * with them put a `<Suspense>` below the provider, or give it an `auth` made outside.
 *
 * @throws TypeError if a provider of another `Auth` has the query client too.
 */
export function AuthProvider(props: AuthProviderProps): ReactElement {
  const { auth: given, onLogout, queryClient, children, ...options } = props;
  const [own] = useState(() => given ?? createAuth(options));
  const auth = given ?? own;
  // oxlint-disable-next-line react/rules-of-hooks -- The same in every render of one build.
  if (process.env.NODE_ENV !== "production") useProviderWarnings(props, auth);
  const above = useContext(QueryClientContext);
  const client = queryClient ?? above ?? ownClientOf(auth);
  const { onClearUserData, userKey } = internalsOf(auth);
  // The Auth of the tree below. Always another object: to set it renders again.
  const [shown, show] = useState({ auth });
  // Another Auth, or a client that has been another's: the former tree goes before the next comes.
  const isTaking = shown.auth !== auth || isAnothers(client, auth);
  if (!isTaking) watchClient(client, auth);
  // Read as the hooks read the status, so that both change in one render: no frame in between.
  const whose = useSyncExternalStore(auth.subscribe, userKey, userKey);
  const [beforeLeaving, afterLeaving] = useMemo(() => clearLateWrites(auth, whose), [auth, whose]);

  // Insertion effects last until the provider is really gone. The others, that of
  // useSyncExternalStore too, rest while an <Activity> hides it, and a user's data would stay in it.
  useInsertionEffect(() => bindClient(client, auth), [auth, client]);
  useInsertionEffect(() => onClearUserData(() => show({ auth })), [auth, onClearUserData]);
  // One listener as long as the provider is there: every listener of that moment is told of an end,
  // and a rendering that only brings another callback must not make that two.
  const latestOnLogout = useRef(onLogout);
  useInsertionEffect(() => void (latestOnLogout.current = onLogout), [onLogout]);
  useInsertionEffect(() => auth.onLogout((event) => latestOnLogout.current?.(event)), [auth]);
  useInsertionEffect(() => (given ? undefined : () => auth.dispose()), [auth, given]);
  useEffect(() => {
    takeClient(client, auth, shown.auth);
    // oxlint-disable-next-line react/set-state-in-effect -- What is below waits for the cleaning up after the former tree, which effects alone can see.
    if (isTaking) show({ auth });
    if (process.env.NODE_ENV !== "production")
      disposeReplaced(auth, isProvided, (former) => watchOnly(former, []));
    void auth.ready();
  }, [auth, client, isTaking, shown]);

  return (
    <AuthContext.Provider value={auth}>
      <QueryClientProvider client={client}>
        {!isTaking && (
          <Fragment key={whose}>
            <OnLeave run={beforeLeaving} />
            {children}
            <OnLeave run={afterLeaving} />
          </Fragment>
        )}
      </QueryClientProvider>
    </AuthContext.Provider>
  );
}

const owns = new WeakMap<Auth, QueryClient>();

/**
 * The client of providers that are given none. The same for each of them, since React throws a first
 * render away that suspends, with all that it made. But on a server the requests must not meet.
 */
function ownClientOf(auth: Auth): QueryClient {
  const client = owns.get(auth) ?? new QueryClient();
  if (!isServer) owns.set(auth, client);
  return client;
}

// React 18 warns of a layout effect on a server, where none runs anyway.
const useBrowserLayoutEffect = isServer ? useEffect : useLayoutEffect;

/**
 * Runs when the tree is hidden or unmounted, with the effects of each kind; what was hidden before
 * has only insertion effects left. React cleans up in the order of the tree, refs and classes
 * together with layout effects: between two of these only what stands between them.
 */
function OnLeave({ run }: { run: () => void }): null {
  useInsertionEffect(() => run, [run]);
  useBrowserLayoutEffect(() => run, [run]);
  useEffect(() => run, [run]);
  return null;
}
