import type { ReactElement } from "react";
import type { Chronicle } from "./timeline.js";

/** How far the life of the access token has come: fresh, renewed in the background, waited for. */
export function DayPass({ token }: { token: NonNullable<Chronicle["token"]> }): ReactElement {
  const { tokenVersion, refreshAfterMs, expiresAfterMs, lifetimeMs } = token;
  return (
    <>
      <span>Day pass no. {tokenVersion}</span>
      {lifetimeMs && refreshAfterMs !== undefined && expiresAfterMs !== undefined && (
        <span className="pass" aria-hidden="true">
          <span className="pass-fresh" style={{ flexGrow: refreshAfterMs }} />
          <span className="pass-ageing" style={{ flexGrow: expiresAfterMs - refreshAfterMs }} />
          <span className="pass-old" style={{ flexGrow: lifetimeMs - expiresAfterMs }} />
          {/* Another key for another token: the animation begins anew. */}
          <span
            key={tokenVersion}
            className="pass-now"
            style={{ animationDuration: `${lifetimeMs}ms` }}
          />
        </span>
      )}
    </>
  );
}
