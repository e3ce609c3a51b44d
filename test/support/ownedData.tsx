import { useAuth, useAuthedMutation, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import type { Owned } from "./people.js";

export function Authed(): ReactElement {
  const { data } = useAuthedQuery<Owned>({ queryKey: ["authed"], request: "/whose" });
  return <p>authed of {data?.owner ?? "nobody"}</p>;
}

export function Mutation(): ReactElement {
  const { data, variables, mutate } = useAuthedMutation<Owned, Error, string>({
    request: () => "/whose",
  });
  return (
    <button onClick={() => mutate("Ada's")}>
      mutation of {data?.owner ?? "nobody"} {variables}
    </button>
  );
}

export function IfSignedIn({ children }: { children: ReactElement }): ReactElement {
  return useAuth().isAuthenticated ? children : <p>nobody</p>;
}
