import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider } from "react-authed-query";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth.js";
import { DevtoolsPane } from "./components/DevtoolsPane.js";
import { announceSignOut } from "./components/SignedOutNotice.js";
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
      <AuthProvider auth={auth} onLogout={({ reason }) => announceSignOut(reason)}>
        <RouterProvider router={router} />
      </AuthProvider>
    </div>
    <DevtoolsPane auth={auth} />
  </StrictMode>,
);
