import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { AuthProvider } from "react-authed-query";
import { RouterProvider } from "react-router/dom";
import { auth } from "./auth.js";
import { announceSignOut } from "./components/SignedOutNotice.js";
import { router } from "./router.js";
import "./styles/park.css";

// The session is being restored before React mounts.
void auth.ready();

const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root.");

createRoot(root).render(
  <StrictMode>
    <AuthProvider auth={auth} onLogout={({ reason }) => announceSignOut(reason)}>
      <RouterProvider router={router} />
    </AuthProvider>
  </StrictMode>,
);
