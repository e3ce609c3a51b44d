import type { ReactElement } from "react";
import type { LogoutReason } from "../../index.js";
import type { AuthModel } from "../model/authModel.js";
import { clockTime, duration } from "../model/wording.js";
import { Card } from "./Card.js";

const reasons: Record<LogoutReason, string> = {
  refused: "the server refused a refresh",
  logout: "logout() was called in this tab",
  "other-tab": "someone signed out in another tab",
  switched: "another user signed in",
};

export interface SessionCardProps {
  model: AuthModel;
  isAuthenticated: boolean;
  now: number;
}

/** The session, and why the one before ended. */
export function SessionCard({ model, isAuthenticated, now }: SessionCardProps): ReactElement {
  const { session, sessions, lastEnd } = model;
  const none = isAuthenticated ? "It began before this panel was there." : "No session.";
  return (
    <Card title="Session">
      <p>
        {session ? `For ${duration(now - session.since)}. Sessions seen here: ${sessions}.` : none}
      </p>
      {lastEnd && (
        <p>
          The last one ended at {clockTime(lastEnd.at)}: {reasons[lastEnd.reason]} ({lastEnd.reason}
          ).
        </p>
      )}
    </Card>
  );
}
