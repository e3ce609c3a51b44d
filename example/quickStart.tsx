import { createAuth, AuthProvider, useAuth, useAuthedQuery } from "react-authed-query";
import { createRoot } from "react-dom/client";

export const auth = createAuth({ baseURL: "/api" });
void auth.ready(); // starts restoring now, without waiting for React

function App() {
  const { status, login, logout } = useAuth();
  if (status === "loading") return <p>One moment …</p>;
  if (status === "authenticated") return <Orders onSignOut={logout} />;
  const demo = { email: "ada@example.com", password: "right" };
  return <button onClick={() => login(demo)}>Sign in</button>;
}

function Orders({ onSignOut }: { onSignOut: () => void }) {
  const { data = [] } = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  return <button onClick={onSignOut}>Sign out ({data.join(", ")})</button>;
}

createRoot(document.querySelector("#root")!).render(
  <AuthProvider auth={auth} onLogout={({ reason }) => console.log(`Signed out: ${reason}`)}>
    <App />
  </AuthProvider>,
);
