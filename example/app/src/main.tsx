import { ReactQueryDevtools } from "@tanstack/react-query-devtools";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider } from "react-authed-query";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth.js";
import { DevtoolsPane } from "./components/DevtoolsPane.js";
import { announceSignOut } from "./components/SignedOutNotice.js";
import { queryClient } from "./queryClient.js";
import { createParkRouter } from "./router.js";
import { joinParkTabs } from "./scenarios/parkTabs.js";
import { createRunner } from "./scenarios/runner.js";
import "./styles/park.css";

// The session is being restored before React mounts.
void auth.ready();
joinParkTabs(auth);

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");
const router = createParkRouter(createRunner(auth));

createRoot(root).render(
  <StrictMode>
    <div className="page">
      <AuthProvider
        auth={auth}
        queryClient={queryClient}
        onLogout={({ reason }) => announceSignOut(reason)}
      >
        <RouterProvider router={router} />
      </AuthProvider>
    </div>
    <DevtoolsPane auth={auth} />
    {/* Nothing in the built app: it fills in text as markup, which the policy of the server's pages forbids. */}
    <ReactQueryDevtools client={queryClient} buttonPosition="bottom-left" />
  </StrictMode>,
);
