import { useMemo, useState, type ReactElement } from "react";
import type { AuthEvent } from "../../index.js";
import type { Recorder, View } from "../model/recorder.js";
import { filterItems, timelineOf } from "../model/timeline.js";
import { plural, safeJSON } from "../model/wording.js";
import { Card } from "./Card.js";
import { ItemTable } from "./ItemTable.js";
import { Lanes } from "./Lanes.js";

export interface TimelineProps {
  events: readonly AuthEvent[];
  view: View;
  recorder: Recorder;
}

/** The timeline: as lanes, and as a table. */
export function Timeline({ events, view, recorder }: TimelineProps): ReactElement {
  const { words, paused } = view;
  const [report, setReport] = useState("");
  const shown = paused ?? events;
  const items = useMemo(() => filterItems(timelineOf(shown), words), [shown, words]);

  function clear(): void {
    recorder.clear();
    setReport("Cleared.");
  }

  function copy(): void {
    // Undefined where the page is no secure context.
    const clipboard = navigator.clipboard as Clipboard | undefined;
    const written = clipboard?.writeText(safeJSON(shown)) ?? Promise.reject(new Error("none"));
    written.then(
      () => setReport(`Copied ${plural(shown.length, "event", "events")}.`),
      () => setReport("This page may not write to the clipboard."),
    );
  }

  return (
    <Card title="Timeline">
      <div className="tools">
        <input
          type="search"
          aria-label="Filter the timeline"
          placeholder="Filter"
          value={words}
          onChange={(event) => recorder.show({ words: event.target.value })}
          onKeyDown={(event) => {
            // It empties the field, and so closes nothing.
            if (event.key === "Escape" && words) event.stopPropagation();
          }}
        />
        <button
          type="button"
          aria-pressed={!!paused}
          onClick={() => recorder.show({ paused: paused ? null : events })}
        >
          Pause
        </button>
        <button type="button" onClick={clear}>
          Clear
        </button>
        <button type="button" onClick={copy}>
          Copy as JSON
        </button>
        <span className="note">Hatched: it waits for a new token.</span>
        <span role="status">{report}</span>
      </div>
      {items.length > 0 ? (
        <Lanes items={items} />
      ) : (
        <p>{shown.length > 0 ? "Nothing of that." : "Nothing has happened yet."}</p>
      )}
      <ItemTable items={items} />
    </Card>
  );
}
