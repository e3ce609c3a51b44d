import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import {
  Fragment,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
  type ReactElement,
  type ReactNode,
} from "react";
import { forgettingOf } from "../core/forgetting.js";
import type { LogoutEvent } from "../core/session.js";
import { createAuth, type Auth, type CreateAuthOptions } from "../createAuth.js";
import { AuthContext } from "./AuthContext.js";
import { forgetQueries } from "./forgetQueries.js";

/** What `<AuthProvider>` takes: an `Auth`, or the options to make one for its life. */
export type AuthProviderProps = {
  /** Called once for each session that ends. May change from render to render. */
  onLogout?: ((event: LogoutEvent) => void) | undefined;
  /** The nearest client above if omitted, else one of our own. */
  queryClient?: QueryClient | undefined;
  children?: ReactNode;
} & (
  | ({ auth: Auth } & { [option in keyof Omit<CreateAuthOptions, "onLogout">]?: never })
  | ({ auth?: never } & Omit<CreateAuthOptions, "onLogout">)
);

/**
 * Gives an `Auth` to the tree and starts the restoration of the session. After a logout or a switch
 * of user it empties the query cache and remounts what is below it, so what must survive that (the
 * router object, toasts) stands above. Options are read once, when it mounts.
 */
export function AuthProvider(props: AuthProviderProps): ReactElement {
  const { auth: given, onLogout, queryClient, children, ...options } = props;
  const auth = useOwn(given, () => createAuth(options));
  const above = useContext(QueryClientContext);
  const client = useOwn(queryClient ?? above, () => new QueryClient());
  const { forgettings } = forgettingOf(auth);
  // Read as the hooks read the status, so that both change in one render: no frame in between.
  const person = useSyncExternalStore(auth.subscribe, forgettings, forgettings);

  useEffect(() => void auth.ready(), [auth]);
  useEffect(() => onLogout && auth.onLogout(onLogout), [auth, onLogout]);
  useEffect(() => forgettingOf(auth).onForget(() => forgetQueries(client)), [auth, client]);

  return (
    <AuthContext.Provider value={auth}>
      <QueryClientProvider client={client}>
        <Fragment key={person}>{children}</Fragment>
      </QueryClientProvider>
    </AuthContext.Provider>
  );
}

/** What was given, else one of our own, made once. */
function useOwn<Value>(given: Value | undefined, make: () => Value): Value {
  const [own] = useState(() => given ?? make());
  return given ?? own;
}
