import { type ReactElement } from "react";
import type { AuthState } from "../../index.js";
import { answerText, hideTokens, nameOf, safeJSON } from "../model/wording.js";
import { Card } from "./Card.js";

/** The status and the user. */
export function StatusCard({ state }: { state: AuthState }): ReactElement {
  const { status, user, expiredUser, error } = state;
  return (
    <Card title="Status">
      <p>
        <strong className={`status ${status}`}>{status}</strong>
        {user && `: ${nameOf(user)}`}
      </p>
      {expiredUser && <p>Until the refusal: {nameOf(expiredUser)}</p>}
      {error && (
        <p className="bad">
          Latest failure: {answerText(error.code, error.status)}.{" "}
          {error.message !== error.code && hideTokens(error.message)}
        </p>
      )}
      {user && (
        <details>
          <summary>The user as JSON</summary>
          <pre>{safeJSON(user)}</pre>
        </details>
      )}
    </Card>
  );
}
