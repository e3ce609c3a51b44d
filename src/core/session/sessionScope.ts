import { createEnding, type Ending } from "../platform/abort.js";
import { AuthError } from "../vocabulary/errors.js";
import type { LogoutReason } from "../vocabulary/events.js";
import type { TimedToken } from "../token/accessToken.js";

/** The token that requests carry. */
export interface AccessToken extends TimedToken {
  /** Numbers the tokens of this page, since two of one second can be equal. */
  readonly tokenVersion: number;
  /** The session it belongs to. */
  readonly scope: SessionScope;
}

/** One session from its start to its end. Work notes it when it starts and checks it before it writes. */
export interface SessionScope extends Omit<Ending, "abort"> {
  /** Numbers the sessions of this page. */
  readonly id: number;
  /**
   * Aborts when the session ends by logout or by a switch of user, so that none of its work lands. A
   * refusal aborts nothing: the same user may sign in again.
   */
  readonly signal: AbortSignal;
  /** How it ended; `undefined` while it goes on. */
  readonly endedBy: LogoutReason | undefined;
  /** Called by the session only: notes the end, and aborts the scope's work unless it was refused. */
  end(reason: LogoutReason): void;
  /** Called by the session only: aborts the scope's work. */
  abort(): void;
}

/** @param continued - a refused session of the same user: its requests on the wire end with this one. */
export function createSessionScope(id: number, continued?: SessionScope): SessionScope {
  const ending = createEnding();

  const scope = {
    ...ending,
    id,
    endedBy: undefined as LogoutReason | undefined,
    end(reason: LogoutReason) {
      scope.endedBy = reason;
      if (reason !== "refused") scope.abort();
    },
    abort() {
      ending.abort(new AuthError("session_ended"));
      continued?.abort();
    },
  };
  return scope;
}

/** After a logout or a switch of user no answer may land; after a refusal one on the wire may. */
export function assertNotEnded(scope: SessionScope | undefined): void {
  const endedBy = scope?.endedBy;
  if (endedBy && endedBy !== "refused") throw new AuthError("session_ended");
}
