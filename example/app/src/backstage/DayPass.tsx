import type { ReactElement } from "react";
import type { Chronicle } from "./timeline.js";

/** How far the life of the access token has come: fresh, renewed in the background, waited for. */
export function DayPass({ token }: { token: NonNullable<Chronicle["token"]> }): ReactElement {
  const { receipt, softMs, hardMs, lifetimeMs } = token;
  return (
    <>
      <span>Day pass no. {receipt}</span>
      {lifetimeMs && softMs !== undefined && hardMs !== undefined && (
        <span className="pass" aria-hidden="true">
          <span className="pass-fresh" style={{ flexGrow: softMs }} />
          <span className="pass-ageing" style={{ flexGrow: hardMs - softMs }} />
          <span className="pass-old" style={{ flexGrow: lifetimeMs - hardMs }} />
          {/* Another key for another token: the animation begins anew. */}
          <span
            key={receipt}
            className="pass-now"
            style={{ animationDuration: `${lifetimeMs}ms` }}
          />
        </span>
      )}
    </>
  );
}
