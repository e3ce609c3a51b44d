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

/** The session, and why the one before ended. */
export function SessionCard({
  session,
  lastEnd,
  now,
}: Pick<AuthModel, "session" | "lastEnd"> & { now: number }): ReactElement {
  return (
    <Card title="Session">
      <p>
        {session
          ? `For ${duration(now - session.since)}, as session ${session.number} of this page.`
          : "No session."}
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
