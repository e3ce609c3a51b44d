"use client";

export { AuthDevtools, type AuthDevtoolsProps } from "./AuthDevtools.js";
export { AuthDevtoolsPanel, type AuthDevtoolsPanelProps } from "./AuthDevtoolsPanel.js";
export { authDevtoolsPlugin, type AuthDevtoolsPlugin } from "./authDevtoolsPlugin.js";
