import type { ReactElement } from "react";
import type { TimelineItem } from "../model/timeline.js";
import { clockTime, duration, plural } from "../model/wording.js";

/** The same as the lanes, to be read. */
export function ItemTable({ items }: { items: readonly TimelineItem[] }): ReactElement {
  return (
    <details>
      <summary>As a table ({plural(items.length, "row", "rows")})</summary>
      {/* Only what can be focused can be scrolled by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div className="scroll" role="region" aria-label="Timeline as a table" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Began</th>
              <th scope="col">Took</th>
              <th scope="col">Lane</th>
              <th scope="col">Happened</th>
            </tr>
          </thead>
          <tbody>
            {items.map(({ key, from, to, isOpen, lane, sentence }) => (
              <tr key={key}>
                <td>{clockTime(from)}</td>
                <td>{isOpen ? "…" : to > from ? duration(to - from) : ""}</td>
                <td>{lane}</td>
                <td>{sentence}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
