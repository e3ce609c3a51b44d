"use client";

import type { ReactElement } from "react";
import type { Auth } from "../index.js";
import { Isolated, type IsolatedProps } from "./Isolated.js";
import { useDevtoolsAuth } from "./useDevtoolsAuth.js";
import { useRecorder } from "./useRecorder.js";
import { Frame } from "./view/Frame.js";
import { Panel } from "./view/Panel.js";

/** The props of {@link AuthDevtoolsPanel}. */
export interface AuthDevtoolsPanelProps extends IsolatedProps {
  /** The nearest provider's if omitted. */
  auth?: Auth | undefined;
}

/** The panel of {@link AuthDevtools} alone, as large as the element around it. */
export function AuthDevtoolsPanel({
  auth: given,
  ...isolation
}: AuthDevtoolsPanelProps): ReactElement {
  const auth = useDevtoolsAuth(given, "AuthDevtoolsPanel");
  const recorder = useRecorder(auth);
  return (
    <Isolated {...isolation}>
      <Frame isEmbedded>
        <Panel auth={auth} recorder={recorder} />
      </Frame>
    </Isolated>
  );
}
