import { useAuth, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import type { Owned } from "./people.js";

/** Shows whose the data is that the server has given. */
export function Whose({ label }: { label: string }): ReactElement {
  const { status } = useAuth();
  const { data } = useAuthedQuery<Owned>({ queryKey: ["whose"], request: "/whose" });
  return (
    <p>
      {label}: {data?.owner ?? "nobody"}, {status}
    </p>
  );
}
