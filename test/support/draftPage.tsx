import { useQuery } from "@tanstack/react-query";
import { AuthProvider, createAuth, useApi, useAuth, useAuthedQuery } from "react-authed-query";
import { useEffect, useInsertionEffect, useLayoutEffect, useState, type ReactElement } from "react";
import { createRoot } from "react-dom/client";
import type { Owned } from "./people.js";

declare global {
  /** What could be read after each change of the page, in order. */
  var framesShown: string[];
  /** What became of each attempt to save the draft, in order: the cause of its refusal, or "saved". */
  var savings: string[];
}

/** A page that shows who its data is of, and saves a draft in every way that a component has. */
globalThis.auth = createAuth();
globalThis.framesShown = [];
globalThis.savings = [];

function Page(): ReactElement {
  const { user, expiredUser } = useAuth();
  // A refusal keeps the page.
  const known = (user ?? expiredUser)?.["name"];
  const name = typeof known === "string" ? known : "nobody";
  return (
    <main>
      <h1>page of {name}</h1>
      <Authed />
      <Plain />
      {name === "Ada" && <Draft of={name} />}
    </main>
  );
}

function Authed(): ReactElement {
  const { data } = useAuthedQuery<Owned>({ queryKey: ["authed"], request: "/whose" });
  return <p>authed of {data?.owner}</p>;
}

function Plain(): ReactElement {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["plain"],
    queryFn: async ({ signal }) => (await api.get<Owned>("/whose", { signal })).data,
  });
  return <p>plain of {data?.owner}</p>;
}

function Draft({ of: name }: { of: string }): ReactElement {
  const api = useApi();
  const [draft] = useState(`draft of ${name}`);
  useInsertionEffect(() => () => note(auth.api.post("/draft", draft)), [draft]);
  useLayoutEffect(() => () => note(auth.fetch("/draft", { method: "POST", body: draft })), [draft]);
  useEffect(
    () => () => {
      note(api.post("/draft", draft));
      setTimeout(() => note(api.post("/draft", draft)), 50);
    },
    [api, draft],
  );
  return <p>{draft}</p>;
}

function note(saving: Promise<unknown>): void {
  saving.then(
    () => savings.push("saved"),
    (error: { code: string; cause?: { code: string } }) =>
      savings.push(error.cause?.code ?? error.code),
  );
}

new MutationObserver(() => void framesShown.push(document.body.innerText)).observe(document.body, {
  subtree: true,
  childList: true,
  characterData: true,
});

createRoot(document.body.appendChild(document.createElement("div"))).render(
  <AuthProvider auth={auth}>
    <Page />
  </AuthProvider>,
);
