import type { ReactElement } from "react";
import type { Excerpt } from "../../excerpts.js";

/** Lines of the real source, and where they stand. */
export function Code({ excerpt }: { excerpt: Excerpt }): ReactElement {
  const { file, line, pieces } = excerpt;
  return (
    <figure className="code">
      <figcaption>
        {file}, line {line}
      </figcaption>
      {/* Only what can be focused can be scrolled by keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="group" aria-label={`${file}, from line ${line}`}>
        <code>
          {pieces.map(([kind, text], index) => (
            // The pieces of a source never change.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index} className={kind}>
              {text}
            </span>
          ))}
        </code>
      </pre>
    </figure>
  );
}
