import type { Action, Variant } from "./schedule.js";

/** The action in words. */
export function describeAction(action: Action): string {
  switch (action.type) {
    case "redirect":
      return `tab ${action.tab}: ${action.user} signs in by redirect`;
    case "set tab's clock":
      return `tab ${action.tab}: its clock is set by ${seconds(action.byMs)}`;
    case "odd answers":
    case "torn answers":
    case "deaf API":
    case "full storage":
      return `${action.type} for ${seconds(action.forMs)}`;
    case "clear storage":
    case "older record":
    case "old message":
    case "message again":
      return action.type;
    case "login":
      return `tab ${action.tab}: ${action.user} signs in${action.password === "wrong" ? " with a wrong password" : ""}`;
    case "freeze":
    case "leave":
      return `tab ${action.tab}: ${action.type} for ${seconds(action.forMs)}`;
    case "offline":
    case "lossy":
    case "unavailable":
    case "hanging":
    case "sleep":
      return `${action.type} for ${seconds(action.forMs)}`;
    case "set wall clock":
      return `the wall clock is set by ${seconds(action.byMs)}`;
    case "all request":
    case "all wake":
    case "revoke":
    case "expire":
      return action.type;
    default:
      return `tab ${action.tab}: ${action.type}`;
  }
}

export function describeVariant({
  hasLocks,
  hasChannel,
  hasStorage,
  graceMs,
  shareToken,
  rotates,
  tokens,
  locks,
  isolated,
  twins,
}: Variant): string {
  const missing = [
    !hasLocks && "Web Locks",
    !hasChannel && "BroadcastChannel",
    !hasStorage && "storage",
    graceMs === 0 && "a grace window",
    !shareToken && "shared tokens",
    !rotates && "rotation",
  ].filter((name) => name !== false);
  const special = [
    tokens !== "described" && `${tokens} tokens`,
    locks !== "prompt" && `${locks} locks`,
    isolated.length > 0 && `tabs: false in ${isolated.join(", ")}`,
    twins.length > 0 && `two Auths in ${twins.join(", ")}`,
  ].filter((name) => name !== false);
  return [
    missing.length > 0 ? `without ${missing.join(", ")}` : "with everything",
    ...special,
  ].join(", ");
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(3)} s`;
}
