import type { ReactElement } from "react";
import type { TokenLife } from "../model/authModel.js";
import { clockTime, duration, tabName } from "../model/wording.js";
import { Card } from "./Card.js";

export interface TokenCardProps {
  token: TokenLife | null;
  isAuthenticated: boolean;
  now: number;
}

/** The life of the access token; of the token itself nothing. */
export function TokenCard({ token, isAuthenticated, now }: TokenCardProps): ReactElement {
  return (
    <Card title="Access token">
      {token ? (
        <>
          <Life token={token} now={now} />
          <p>
            Asked for at {clockTime(token.from)}
            {token.givenBy && `, and handed over by ${tabName(token.givenBy)}`}.
          </p>
          <p className="note">
            The client cannot know of a revocation: a revoked token looks good until the server
            answers 401.
          </p>
        </>
      ) : (
        <p>{isAuthenticated ? "Its life shows after the next refresh." : "None."}</p>
      )}
    </Card>
  );
}

function Life({ token, now }: { token: TokenLife; now: number }): ReactElement {
  const { from, refreshAt, expiresAt, endsAt, isExpired } = token;
  if (isExpired) return <p className="bad">Expired here: the next request waits for a new one.</p>;
  if (refreshAt === undefined || expiresAt === undefined || endsAt === undefined) {
    return <p>Nothing tells how long it is good: a 401 does.</p>;
  }
  const percent = (at: number) =>
    `${Math.min(100, Math.max(0, ((endsAt - at) / Math.max(1, endsAt - from)) * 100))}%`;
  const freshness = now < refreshAt ? "fresh" : now < expiresAt ? "expiring" : "expired";
  const text = lifeText(token, now);
  return (
    <>
      <div
        className="life"
        role="meter"
        aria-label="Life of the access token"
        aria-valuemin={0}
        aria-valuemax={Math.round((endsAt - from) / 1000)}
        aria-valuenow={Math.max(0, Math.min(endsAt - from, endsAt - now)) / 1000}
        aria-valuetext={text}
      >
        <div className={`left ${freshness}`} style={{ width: percent(now) }} />
        <div className="margin" style={{ left: percent(refreshAt) }} />
        <div className="margin" style={{ left: percent(expiresAt) }} />
      </div>
      <p>{text}</p>
    </>
  );
}

/** The time that is left, and what the two margins mean for requests. */
function lifeText({ refreshAt = 0, expiresAt = 0, endsAt = 0 }: TokenLife, now: number): string {
  const left = (at: number) => duration(at - now);
  if (now < refreshAt) {
    return `Good for ${left(endsAt)}. In ${left(refreshAt)} requests refresh it in the background; in ${left(expiresAt)} they wait for the next.`;
  }
  if (now < expiresAt) {
    return `Good for ${left(endsAt)}. A request refreshes it in the background; in ${left(expiresAt)} it waits for the next.`;
  }
  return "Too old: the next request waits for a new one.";
}
