import { ReactQueryDevtools } from "@tanstack/react-query-devtools";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider, type LogoutEvent } from "react-authed-query";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth.js";
import { Backstage } from "./backstage/Backstage.js";
import { createTimeline } from "./backstage/timeline.js";
import { announceSignOut } from "./components/SignedOutNotice.js";
import { queryClient } from "./queryClient.js";
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
    <AuthProvider auth={auth} queryClient={queryClient} onLogout={onLogout}>
      <RouterProvider router={router} />
    </AuthProvider>
    {/* Nothing in the built app: it fills in text as markup, which the policy of the server's pages forbids. */}
    <ReactQueryDevtools client={queryClient} buttonPosition="bottom-left" />
    <Backstage auth={auth} timeline={timeline} />
  </StrictMode>,
);
