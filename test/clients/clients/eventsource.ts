import { EventSource } from "eventsource";
import { auth, baseURL } from "./auth";

export const events = new EventSource(`${baseURL}/events`, { fetch: auth.fetch });
auth.onLogout(() => events.close());
