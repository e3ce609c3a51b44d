"use client";

import { useAuth, useAuthedQuery } from "react-authed-query";
import type { ReactNode } from "react";

declare module "react-authed-query" {
  interface Register {
    user: { name: string };
  }
}

export function Orders(): ReactNode {
  const { user, logout } = useAuth();
  const { data = [], refetch } = useAuthedQuery<string[]>({
    queryKey: ["orders"],
    request: "/orders",
  });
  return (
    <>
      <h1>Orders of {user?.name}</h1>
      <ul>
        {data.map((order) => (
          <li key={order}>{order}</li>
        ))}
      </ul>
      <button onClick={() => void refetch()}>Ask again</button>
      <button onClick={() => void logout()}>Sign out</button>
    </>
  );
}
