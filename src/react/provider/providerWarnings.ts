import type { QueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import type { Auth } from "../../auth.js";
import { areOfOneApp, isJustMade, noteProvider } from "../../core/dev/auths/knownAuths.js";
import { warnOnce } from "../../core/dev/warning/warnOnce.js";
import { isBound } from "../isolation/clientOwner.js";

// Hooks that name likely mistakes in the console, once each. They belong in no production bundle.

/**
 * Watches the `auth` of a provider: one that is missing, and one that each rendering makes anew.
 *
 * @param props - as the parent has given them: other ones each time the parent renders.
 * @param auth - the one that is used.
 */
export function useProviderWarnings(props: { auth?: unknown }, auth: Auth): void {
  noteProvider();
  const isNew = isJustMade(auth);
  const latest = useRef<{ props: object; auth: Auth; madeAnew: number }>(undefined);
  useEffect(() => {
    const before = latest.current;
    if (before?.props === props) return;
    const isMadeAnew =
      before && before.auth !== auth && isNew && areOfOneApp(before.auth, auth) && props.auth;
    // An Auth that outlives a rendering of the parent is kept somewhere: a later one is meant.
    const madeAnew = !before ? 0 : isMadeAnew ? before.madeAnew + 1 : -Infinity;
    latest.current = { props, auth, madeAnew };
    // Once may be meant as well: each rendering is not.
    if (madeAnew !== 2) return;
    warnOnce(
      latest,
      "Each rendering makes another Auth for <AuthProvider auth>, and each of them refreshes: createAuth() is called in a component's body. Call it outside of components, in a module of its own; or once, in useState(() => createAuth(…)).",
    );
  }, [props, auth, isNew]);
  useEffect(() => {
    const { auth: given, ...options } = props;
    const names = Object.keys(options).filter(
      (name) => !/^(children|onLogout|queryClient)$/.test(name),
    );
    if (given || !("auth" in props) || names.length > 0) return;
    warnOnce(
      auth,
      "<AuthProvider auth> was given no Auth, so it made another one for itself. The module that exports yours had not run yet (an import cycle), or exports no such name: put createAuth() into a module of its own that imports no component.",
    );
    // Only the first rendering decides that.
    // oxlint-disable-next-line react/exhaustive-deps -- as said
  }, [auth]);
}

/** Each is named once. */
const named = new WeakSet<QueryClient>();

/** Names a client that stands between the provider and a hook of ours. */
export function useClientWarning(client: QueryClient, auth: Auth, hook: string): void {
  // Only a provider's effects have told by now which client is its own.
  useEffect(() => {
    if (isBound(client, auth) || named.has(client)) return;
    named.add(client);
    console.warn(
      "react-authed-query: there is a QueryClientProvider between AuthProvider and %s. Queries in its client that use none of our hooks may outlive the session: put it above AuthProvider, or pass the client as <AuthProvider queryClient>.",
      hook,
    );
  }, [auth, client, hook]);
}
