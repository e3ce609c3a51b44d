import { useQueryClient } from "@tanstack/react-query";
import * as library from "react-authed-query";
import { AuthDevtools } from "react-authed-query/devtools";
import { createElement } from "react";
import { createRoot } from "react-dom/client";

const { AuthProvider, createAuth, RequireAuth, useAuth, useAuthedQuery } = library;

// All of it is in the bundle, also what this page does not use.
globalThis.library = library;

const auth = createAuth({ baseURL: location.origin });

function SignIn() {
  const { login } = useAuth();
  return createElement("button", { onClick: () => login({ password: "right" }) }, "Sign in");
}

function Orders() {
  const client = useQueryClient();
  const { user, logout } = useAuth();
  const orders = useAuthedQuery({ queryKey: ["orders"], request: "/orders" });
  const prices = useAuthedQuery({ queryKey: ["prices"], request: "/prices" });
  const answers = [orders, prices].map(({ data }) => data?.path).join(", ");
  return createElement(
    "main",
    null,
    createElement("h1", null, `Orders of ${user.name}`),
    createElement("p", null, answers),
    createElement("button", { onClick: () => client.invalidateQueries() }, "Ask again"),
    createElement("button", { onClick: () => logout() }, "Sign out"),
  );
}

createRoot(document.querySelector("#root")).render(
  createElement(
    AuthProvider,
    { auth },
    createElement(
      RequireAuth,
      { pending: "One moment …", fallback: createElement(SignIn) },
      createElement(Orders),
    ),
    createElement(AuthDevtools),
  ),
);
