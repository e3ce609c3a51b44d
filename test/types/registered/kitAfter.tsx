import { AuthProvider, createAuth, RequireAuth, useAuth } from "react-authed-query";
import type { ReactNode } from "react";

const auth = createAuth({ baseURL: "/api" });

export function Root(props: { login: ReactNode; children: ReactNode }) {
  return (
    <AuthProvider auth={auth}>
      <RequireAuth pending={<p>One moment …</p>} fallback={props.login}>
        {props.children}
      </RequireAuth>
    </AuthProvider>
  );
}

export function Greeting() {
  const { user, logout } = useAuth();
  return (
    <p>
      Hello {user?.name} <button onClick={logout}>Sign out</button>
    </p>
  );
}
