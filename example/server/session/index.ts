export { bearerToken, unauthorized } from "./bearer.js";
export type { Key } from "./keys.js";
export { agentOf, shortHash, type SessionLog } from "./log.js";
export { memoryStore } from "./memoryStore.js";
export type { SessionOptions } from "./options.js";
export { problem } from "./problem.js";
export { createSessions, type Access, type Sessions, type SessionSummary } from "./sessions.js";
export { sessionTable, sqlStore, type SqlClient } from "./sqlStore.js";
export type { Lifetimes, NewSession, Session, SessionStore } from "./store.js";
