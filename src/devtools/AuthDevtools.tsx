"use client";

import { useState, type ReactElement } from "react";
import type { Auth } from "../index.js";
import { Isolated, type IsolatedProps } from "./Isolated.js";
import { Frame } from "./view/Frame.js";
import { useDevtoolsAuth } from "./useDevtoolsAuth.js";
import { useKeptFocus } from "./useKeptFocus.js";
import { useRecorder } from "./useRecorder.js";
import { Panel } from "./view/Panel.js";

/** The props of {@link AuthDevtools}. */
export interface AuthDevtoolsProps extends IsolatedProps {
  /** The nearest provider's if omitted. */
  auth?: Auth | undefined;
  /** `true`: the panel is open from the start. */
  initialIsOpen?: boolean | undefined;
  /** Where the button floats; `relative`: where it is rendered. `bottom-left` if omitted. */
  buttonPosition?:
    | "top-left"
    | "top-right"
    | "bottom-left"
    | "bottom-right"
    | "relative"
    | undefined;
}

/**
 * A button that opens a panel: what the session does, drawn as a timeline, and what one can do to it. It
 * never shows a token. While it is closed it listens, and does nothing else.
 */
export function AuthDevtools({
  auth: given,
  initialIsOpen = false,
  buttonPosition = "bottom-left",
  ...isolation
}: AuthDevtoolsProps): ReactElement {
  const auth = useDevtoolsAuth(given, "AuthDevtools");
  const recorder = useRecorder(auth);
  const [isOpen, setIsOpen] = useState(() => recorder.getRecording().view.isOpen ?? initialIsOpen);
  const { ref, pass } = useKeptFocus(auth);

  function toggle(): void {
    pass();
    recorder.show({ isOpen: !isOpen });
    setIsOpen(!isOpen);
  }

  function onKey(key: string): void {
    if (isOpen && key === "Escape") toggle();
  }

  return (
    <Isolated {...isolation}>
      <Frame onKey={onKey}>
        {isOpen ? (
          <div className="drawer">
            <Panel auth={auth} recorder={recorder}>
              <button ref={ref} type="button" aria-expanded onClick={toggle}>
                Close
              </button>
            </Panel>
          </div>
        ) : (
          <button
            ref={ref}
            type="button"
            className={`opener ${buttonPosition}`}
            aria-label="Auth devtools"
            aria-expanded={false}
            onClick={toggle}
          >
            Auth
          </button>
        )}
      </Frame>
    </Isolated>
  );
}
