import type { ReactElement } from "react";
import type { AuthModel, Wait } from "../model/authModel.js";
import { answerText, duration, hideTokens } from "../model/wording.js";
import { Card } from "./Card.js";

/** Backoff and breaker, each with the time to the next try. */
export function WaitsCard({ model, now }: { model: AuthModel; now: number }): ReactElement {
  const { backoff, breaker, blocked } = model;
  return (
    <Card title="Backoff and breaker">
      <p>{backoffText(backoff, now)}</p>
      <p>{breakerText(breaker, now)}</p>
      <ul>
        {blocked
          .filter(({ until }) => until > now)
          .map(({ name, status, until }) => (
            <li key={name}>
              {hideTokens(name)}
              {status && ` answered ${status} in spite of a new token, and`} starts no refresh for{" "}
              {duration(until - now)}.
            </li>
          ))}
      </ul>
    </Card>
  );
}

function backoffText(wait: Wait | null, now: number): string {
  if (!wait || wait.until <= now) return "Backoff: none.";
  return `Backoff: ${answerText(wait.code, wait.status)}. The next try is possible in ${duration(wait.until - now)}.`;
}

function breakerText(wait: Wait | null, now: number): string {
  if (!wait || wait.until <= now) return "Breaker: closed.";
  return `Breaker: open, since refreshes cured nothing. The next try is possible in ${duration(wait.until - now)}.`;
}
