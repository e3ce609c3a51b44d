import { QueryClient } from "@tanstack/react-query";
import {
  AuthProvider,
  RequireAuth,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
  type Auth,
} from "react-authed-query";
import { StrictMode, type ReactElement } from "react";
import type { Owned } from "./people.js";

/** A page with everything that shows something, for the server to render and the browser to hydrate. */
export function pageOf(auth: Auth, queryClient: QueryClient = new QueryClient()): ReactElement {
  return (
    <StrictMode>
      <AuthProvider auth={auth} queryClient={queryClient}>
        <Page />
      </AuthProvider>
    </StrictMode>
  );
}

/** What the server makes of it. */
export const markup =
  "<main><p>loading<!-- --> <!-- -->nobody<!-- --> <!-- -->false</p>one moment</main>";

function Page(): ReactElement {
  const { status } = useAuth();
  const { data } = useAuthedQuery<Owned>({ queryKey: ["whose"], request: "/whose" });
  const { isPending } = useAuthedMutation({ request: () => "/whose" });
  return (
    <main>
      <p>
        {status} {data?.owner ?? "nobody"} {String(isPending)}
      </p>
      <RequireAuth pending="one moment" fallback="sign in">
        welcome
      </RequireAuth>
    </main>
  );
}
