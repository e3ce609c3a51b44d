"use client";

import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import {
  Fragment,
  useContext,
  useEffect,
  useInsertionEffect,
  useReducer,
  useRef,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import { forgettingOf } from "../core/forgetting.js";
import type { LogoutEvent } from "../core/session.js";
import { createAuth, type Auth, type CreateAuthOptions } from "../createAuth.js";
import { AuthContext } from "./AuthContext.js";
import { assertFree, bindClient } from "./bindClient.js";
import { forgetWritten } from "./forgetQueries.js";

/** What `<AuthProvider>` takes: an `Auth`, or the options to make one for its life. */
export type AuthProviderProps = {
  /** Called once for each session that ends. May change from render to render. */
  onLogout?: ((event: LogoutEvent) => void) | undefined;
  /** The nearest client above if omitted, else one of our own. Belongs to one `Auth` only. */
  queryClient?: QueryClient | undefined;
  children?: ReactNode;
} & (
  | ({ auth: Auth } & { [option in keyof Omit<CreateAuthOptions, "onLogout">]?: never })
  | ({ auth?: never } & Omit<CreateAuthOptions, "onLogout">)
);

/**
 * Gives an `Auth` to the tree and starts the restoration of the session. After a logout or a switch
 * of user it empties the query cache and remounts what is below it, so what must survive that (the
 * router object, toasts) stands above. After a refusal it keeps both, for the same user to go on.
 * Options are read once, when it mounts.
 *
 * @throws TypeError if the query client belongs to another `Auth`.
 */
export function AuthProvider(props: AuthProviderProps): ReactElement {
  const { auth: given, onLogout, queryClient, children, ...options } = props;
  const auth = useOwn(given, () => createAuth(options));
  const above = useContext(QueryClientContext);
  const client = useOwn(queryClient ?? above, () => new QueryClient());
  assertFree(client, auth);
  const { onForget, person } = forgettingOf(auth);
  const [, renderAgain] = useReducer((count: number) => count + 1, 0);
  // Read as the hooks read the status, so that both change in one render: no frame in between.
  const whose = useSyncExternalStore(auth.subscribe, person, person);
  const [first] = useState(whose);

  // Insertion effects last until the provider is really gone. The others, that of
  // useSyncExternalStore too, rest while an <Activity> hides it, and a user's data would stay in it.
  useInsertionEffect(() => {
    bindClient(client, auth);
    return onForget(renderAgain);
  }, [auth, client, onForget]);
  useInsertionEffect(() => onLogout && auth.onLogout(onLogout), [auth, onLogout]);
  useInsertionEffect(() => (given ? undefined : () => auth.dispose()), [auth, given]);
  useEffect(() => void auth.ready(), [auth]);

  return (
    <AuthContext.Provider value={auth}>
      <QueryClientProvider client={client}>
        <Fragment key={whose}>
          {whose !== first && <Sweeper client={client} />}
          {children}
        </Fragment>
      </QueryClientProvider>
    </AuthContext.Provider>
  );
}

/** Works once for each person, after the tree of the last is gone and before the new one fetches. */
function Sweeper({ client }: { client: QueryClient }): null {
  const isDone = useRef(false);
  useEffect(() => {
    if (!isDone.current) forgetWritten(client);
    isDone.current = true;
  }, [client]);
  return null;
}

/** What was given, else one of our own, made once. */
function useOwn<Value>(given: Value | undefined, make: () => Value): Value {
  const [own] = useState(() => given ?? make());
  return given ?? own;
}
