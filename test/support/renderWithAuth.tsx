import { QueryClient } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import { AuthProvider, type Auth, type LogoutEvent } from "react-authed-query";
import { StrictMode, type ReactElement } from "react";

/** Renders under an `AuthProvider` in StrictMode, with a query client of its own. */
export function renderWithAuth(
  auth: Auth,
  children: ReactElement,
  onLogout?: (event: LogoutEvent) => void,
): RenderResult & { queryClient: QueryClient } {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  const result = render(
    <StrictMode>
      <AuthProvider auth={auth} onLogout={onLogout} queryClient={queryClient}>
        {children}
      </AuthProvider>
    </StrictMode>,
  );
  return { ...result, queryClient };
}
