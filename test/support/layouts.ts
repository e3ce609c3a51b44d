/** Where a usual app makes its Auth: in a module of its own that these import, or not. */
export type Place =
  | "main"
  | "App"
  | "App, with an axios of another file"
  | "main and App"
  | "a component's file"
  | "the provider's options";
/** Where a usual app has its `QueryClientProvider`. */
export type ClientPlace = "main" | "App" | "nowhere";

/**
 * An app with a sign-in and a query, laid out in one of the usual ways. Each file shows its edition:
 * a page on which the next one can be read has followed the save.
 */
export function layOut(place: Place, clientPlace: ClientPlace): Record<string, string> {
  const isInMain = place.startsWith("main");
  const hasOwnAxios = place.endsWith("axios of another file");
  const hasModule = isInMain || place === "App" || hasOwnAxios;
  const isImportedByApp = place === "App" || place === "main and App" || hasOwnAxios;
  const importAuth = `import { auth, edition as authEdition } from "./auth";`;
  const queryClient = `const queryClient = new QueryClient();`;
  const authEdition = `<p>auth.ts {authEdition},</p>`;

  function provided(file: "main" | "App", inner: string): string {
    const provider = place === "the provider's options" ? `baseURL="/api"` : "auth={auth}";
    const hasProvider = (file === "main") === isInMain;
    const withAuth = hasProvider ? `<AuthProvider ${provider}>${inner}</AuthProvider>` : inner;
    return clientPlace === file
      ? `<QueryClientProvider client={queryClient}>${withAuth}</QueryClientProvider>`
      : withAuth;
  }

  const main = `
    import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
    import { StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { AuthProvider } from "react-authed-query";
    import { App } from "./App";
    ${isInMain ? importAuth : ""}
    const edition = 1;
    ${clientPlace === "main" ? queryClient : ""}
    createRoot(document.querySelector("#root")).render(
      <StrictMode>
        <p>main.tsx {edition},</p>
        ${isInMain ? authEdition : ""}
        ${provided("main", "<App />")}
      </StrictMode>,
    );`;

  const app = `
    import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
    import { useState } from "react";
    import { AuthProvider, createAuth } from "react-authed-query";
    import { Account } from "./Account";
    ${isImportedByApp ? importAuth : ""}
    const edition = 1;
    ${place === "a component's file" ? `const auth = createAuth({ baseURL: "/api" });` : ""}
    ${clientPlace === "App" ? queryClient : ""}
    export function App() {
      // hooks
      return (
        <>
          <p>App.tsx {edition},</p>
          ${isImportedByApp ? authEdition : ""}
          ${place === "main and App" ? "<p>{auth.getState().status}</p>" : ""}
          ${provided("App", "<Account />")}
        </>
      );
    }`;

  const account = `
    import { useEffect } from "react";
    import { useAuth, useAuthedQuery } from "react-authed-query";
    const edition = 1;
    export function Account() {
      const { status, login, logout } = useAuth();
      const { data } = useAuthedQuery({ queryKey: ["whose"], request: "/whose" });
      useEffect(() => {
        if (status === "unauthenticated") sessionStorage.setItem("signed out", "1");
      }, [status]);
      return (
        <>
          <p>Account.tsx {edition},</p>
          <p>Data of {data?.owner ?? "nobody"}</p>
          <button onClick={() => login({ password: "right" })}>Sign in</button>
          <button onClick={() => logout()}>Sign out</button>
        </>
      );
    }`;

  const auth = `
    import { createAuth } from "react-authed-query";
    ${hasOwnAxios ? `import { http } from "./http";` : ""}
    export const edition = 1;
    export const auth = createAuth({ ${hasOwnAxios ? "axios: http" : `baseURL: "/api"`} });`;

  const http = `
    import axios from "axios";
    export const http = axios.create({ baseURL: "/api" });`;

  return {
    "index.html": `<!doctype html><link rel="icon" href="data:," /><div id="root"></div><script type="module" src="./main.tsx"></script>`,
    "main.tsx": main,
    "App.tsx": app,
    "Account.tsx": account,
    ...(hasModule && { "auth.ts": auth }),
    ...(hasOwnAxios && { "http.ts": http }),
  };
}
