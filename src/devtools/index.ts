/**
 * A panel that shows what the session does, and lets you make it do so.
 *
 * @module react-authed-query/devtools
 */
"use client";

import * as devtools from "./production.js";
import type {
  AuthDevtoolsPanelProps,
  AuthDevtoolsPlugin,
  AuthDevtoolsProps,
} from "./production.js";
import type { Auth } from "../index.js";
import { createElement, type ReactElement } from "react";

export type { AuthDevtoolsPanelProps, AuthDevtoolsPlugin, AuthDevtoolsProps };

/**
 * A button that opens a panel: what the session does, drawn as a timeline, and what one can do to it. It
 * never shows a token. While it is closed it listens, and does nothing else. In production it is `null`,
 * and nothing of it is in the bundle: `react-authed-query/devtools/production` is there too.
 */
export const AuthDevtools: (props: AuthDevtoolsProps) => ReactElement | null =
  process.env.NODE_ENV === "production" ? () => null : devtools.AuthDevtools;

/** The panel of {@link AuthDevtools} alone, as large as the element around it. `null` in production. */
export const AuthDevtoolsPanel: (props: AuthDevtoolsPanelProps) => ReactElement | null =
  process.env.NODE_ENV === "production" ? () => null : devtools.AuthDevtoolsPanel;

/**
 * Shows the panel in TanStack Devtools: `<TanStackDevtools plugins={[authDevtoolsPlugin(auth)]} />`. In
 * production it shows nothing.
 */
export const authDevtoolsPlugin: (auth: Auth) => AuthDevtoolsPlugin =
  process.env.NODE_ENV === "production"
    ? () => ({ id: "react-authed-query", name: "Auth", render: createElement(AuthDevtoolsPanel) })
    : devtools.authDevtoolsPlugin;
