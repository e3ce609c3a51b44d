import type { Query, QueryClient } from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { reasonOf } from "../../core/vocabulary/errors.js";
import { mayPass } from "./retryUnlessFinal.js";

/**
 * An error that only the session makes is gone when its reason is: queries that failed for want of a
 * token run again after the next successful refresh, or when someone signs in.
 *
 * A page whose queries have all given up sends nothing that could bring a token. So as long as one
 * stands there, one refresh is tried at the end of each pause, as by a restoration: one for all of
 * them, and no query is sent before it succeeds. Called after each change of the state.
 *
 * @param late - has just failed: an interceptor may hold an error back until its reason is gone.
 */
export function reviveQueries(auth: Auth, clients: () => QueryClient[], late?: Query): void {
  const { error } = auth.getState();
  const failedBy = (isReason: (error: unknown) => unknown) =>
    clients().flatMap((client) =>
      client.getQueryCache().findAll({ predicate: ({ state }) => !!isReason(state.error) }),
    );

  if (!error && late) {
    // Once: it may fail again and again, and no refresh in between.
    if (!revived.has(late)) revive(late);
    revived.add(late);
    return;
  }
  if (!error) {
    revived = new WeakSet();
    return failedBy(reasonOf).forEach(revive);
  }
  internalsOf(auth)
    .backoffOver()
    .then(() => {
      // Else somebody else has tried meanwhile.
      if (auth.getState().error !== error || failedBy(mayPass).length === 0) return undefined;
      return auth.getAccessToken({ forceRefresh: true });
    })
    // The state says it, unless the Auth was disposed of.
    .catch(() => {});
}

/** Those that failed late, since the last change of the state. */
let revived = new WeakSet<Query>();

/** A query on screen runs at once. Any other starts anew when it is mounted, by an error boundary too. */
function revive(query: Query): void {
  query.setState({
    error: null,
    isInvalidated: true,
    status: query.state.data === undefined ? "pending" : "success",
  });
  if (query.isActive()) query.fetch().catch(() => {});
}
