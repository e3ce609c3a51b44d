import { AuthProvider } from "react-authed-query";
import { AuthDevtools } from "react-authed-query/devtools";
import type { ReactElement } from "react";
import { App } from "../../../example/quickStart/App.js";
import { auth } from "../../../example/quickStart/auth.js";

export function Root(): ReactElement {
  return (
    <AuthProvider auth={auth}>
      <App />
      <AuthDevtools />
    </AuthProvider>
  );
}
