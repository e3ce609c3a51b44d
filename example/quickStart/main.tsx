import { AuthProvider } from "react-authed-query";
import { createRoot } from "react-dom/client";
import { App } from "./App";
import { auth } from "./auth";

createRoot(document.querySelector("#root")!).render(
  <AuthProvider auth={auth} onLogout={({ reason }) => console.log(`Signed out: ${reason}`)}>
    <App />
  </AuthProvider>,
);
