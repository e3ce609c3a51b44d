import type { ReactElement } from "react";
import type { Auth } from "../index.js";
import { AuthDevtoolsPanel } from "./AuthDevtoolsPanel.js";

/** A plugin of `<TanStackDevtools>`. */
export interface AuthDevtoolsPlugin {
  /** The same at each start, so that TanStack Devtools remember whether it was open. */
  id: string;
  /** The name of its tab. */
  name: string;
  /** The content of its tab. */
  render: ReactElement;
}

/**
 * Shows the panel in TanStack Devtools: `<TanStackDevtools plugins={[authDevtoolsPlugin(auth)]} />`.
 *
 * @see https://tanstack.com/devtools/latest/docs/plugin-configuration
 */
export function authDevtoolsPlugin(auth: Auth): AuthDevtoolsPlugin {
  return {
    id: "react-authed-query",
    name: "Auth",
    render: <AuthDevtoolsPanel auth={auth} />,
  };
}
