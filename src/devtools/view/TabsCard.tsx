import type { ReactElement } from "react";
import type { AuthModel, OtherTab, Refresh } from "../model/authModel.js";
import { duration, tabName } from "../model/wording.js";
import { Card } from "./Card.js";

/** This tab and the others: who refreshed, and who was handed the token. */
export function TabsCard({ model, now }: { model: AuthModel; now: number }): ReactElement {
  const { ownTab, otherTabs, lastRefresh } = model;
  return (
    <Card title="Tabs">
      {lastRefresh && <p>{refreshText(lastRefresh, now)}</p>}
      <ul>
        <li>This tab{ownTab && ` is ${tabName(ownTab)}`}.</li>
        {otherTabs.map((tab) => (
          <li key={tab.id}>{tabText(tab, now)}</li>
        ))}
      </ul>
      {otherTabs.length === 0 && <p>No other tabs seen.</p>}
    </Card>
  );
}

function refreshText({ tab, at, cause, verdict }: Refresh, now: number): string {
  const who = tab === undefined ? "this tab" : tabName(tab);
  const why = cause === undefined ? "" : ` (${cause})`;
  const result = verdict === undefined ? "" : `: ${verdict}`;
  return `Latest refresh: by ${who}, ${duration(now - at)} ago${why}${result}.`;
}

function tabText({ id, refreshedAt, gaveAt, wasGivenAt }: OtherTab, now: number): string {
  const told = [
    refreshedAt !== undefined && `refreshed ${duration(now - refreshedAt)} ago`,
    gaveAt !== undefined && `handed its token to this tab ${duration(now - gaveAt)} ago`,
    wasGivenAt !== undefined && `was handed this tab's token ${duration(now - wasGivenAt)} ago`,
  ].filter(Boolean);
  return `${tabName(id)} ${told.join(", ") || "was heard of"}.`;
}
