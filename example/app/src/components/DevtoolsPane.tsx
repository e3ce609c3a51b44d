import type { Auth } from "react-authed-query";
import { AuthDevtoolsPanel } from "react-authed-query/devtools/production";
import { useState, type ReactElement } from "react";

/**
 * What the library does while nobody notices: open beside the page, or, on a narrow screen, below it as
 * a drawer. Stands outside the `AuthProvider`, so that it is still there when a session ends.
 */
export function DevtoolsPane({ auth }: { auth: Auth }): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <aside className={`devtools ${isOpen ? "open" : ""}`} aria-label="Devtools">
      <button
        type="button"
        className="devtools-handle"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
      >
        Watch the session
      </button>
      <div className="devtools-panel">
        <AuthDevtoolsPanel auth={auth} />
      </div>
    </aside>
  );
}
