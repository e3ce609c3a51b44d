import { AuthProvider, createAuth, useAuthedQuery } from "react-authed-query";
import type { ReactNode } from "react";

const auth = createAuth({ baseURL: "/api" });

export function Root({ children }: { children: ReactNode }) {
  return <AuthProvider auth={auth}>{children}</AuthProvider>;
}

export function Orders() {
  const { data = [] } = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  return <p>{data.join(", ")}</p>;
}
