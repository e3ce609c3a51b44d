import { AuthProvider } from "react-authed-query";
import { AuthDevtools } from "react-authed-query/devtools";
import { App } from "../../../example/quickStart/App.js";
import { auth } from "../../../example/quickStart/auth.js";

export function Root() {
  return (
    <AuthProvider auth={auth}>
      <App />
      <AuthDevtools />
    </AuthProvider>
  );
}
