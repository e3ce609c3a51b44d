"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { AuthProvider, createAuth } from "react-authed-query";
import { useState, type ReactNode } from "react";

// The server's requests share it, and nothing through it: nobody signs in there.
const auth = createAuth({ baseURL: "/api" });
// In the browser the session is being restored before React hydrates; a server has none to restore.
if (typeof window !== "undefined") void auth.ready();

export function Providers({ children }: { children: ReactNode }): ReactNode {
  // Not beside `auth`: what a cache holds belongs to one request.
  const [queryClient] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={queryClient}>
      <AuthProvider auth={auth} onLogout={({ reason }) => console.info(`Signed out: ${reason}`)}>
        {children}
      </AuthProvider>
    </QueryClientProvider>
  );
}
