import type { Auth } from "react-authed-query";
import { Suspense, useSyncExternalStore, type ReactElement } from "react";
import { DayPass } from "./DayPass.js";
import { Mishaps } from "./Mishaps.js";
import { tell, timeOf } from "./tell.js";
import type { Timeline } from "./timeline.js";

/**
 * What the library does while nobody notices. Stands outside the `AuthProvider`, so that it is
 * still there when a session ends.
 */
export function Backstage({ auth, timeline }: { auth: Auth; timeline: Timeline }): ReactElement {
  const { moments, token } = useSyncExternalStore(timeline.subscribe, timeline.getChronicle);
  const { isAuthenticated } = useSyncExternalStore(auth.subscribe, auth.getState);
  return (
    <aside className="backstage" aria-label="Behind the scenes">
      <details>
        <summary>
          <strong>Behind the scenes</strong>
          {token ? <DayPass token={token} /> : <span>No day pass</span>}
        </summary>
        <div className="backstage-body">
          {isAuthenticated ? (
            <Suspense>
              <Mishaps auth={auth} />
            </Suspense>
          ) : (
            <p className="hint">Sign in, and you can make things go wrong here.</p>
          )}
          <ol className="timeline">
            {moments.map(({ id, at, event }) => {
              const { tone, text } = tell(event);
              return (
                <li key={id} className={`moment ${tone}`}>
                  <time dateTime={at.toISOString()}>{timeOf(at)}</time> {text}
                </li>
              );
            })}
          </ol>
        </div>
      </details>
    </aside>
  );
}
