import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider, type LogoutEvent } from "react-authed-query";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth.js";
import { Backstage } from "./backstage/Backstage.js";
import { createTimeline } from "./backstage/timeline.js";
import { announceSignOut } from "./components/SignedOutNotice.js";
import { router } from "./router.js";
import "./styles/park.css";

const timeline = createTimeline(auth);
// The session is being restored before React mounts.
void auth.ready();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

function onLogout(event: LogoutEvent): void {
  announceSignOut(event.reason);
  timeline.noteLogout(event);
}

createRoot(root).render(
  <StrictMode>
    <AuthProvider auth={auth} onLogout={onLogout}>
      <RouterProvider router={router} />
    </AuthProvider>
    <Backstage auth={auth} timeline={timeline} />
  </StrictMode>,
);
