import { useAuth, useAuthedQuery } from "react-authed-query";
import { useState } from "react";

export function App() {
  const { status, error, login, logout } = useAuth();
  const [trouble, setTrouble] = useState("");
  if (status === "loading") return <p>{error ? "No answer. Trying again …" : "One moment …"}</p>;
  if (status === "authenticated") return <Orders onSignOut={logout} />;

  const demo = { email: "ada@example.com", password: "right" };
  const signIn = () => login(demo).catch(() => setTrouble("That did not work."));
  return (
    <p>
      <button onClick={signIn}>Sign in</button> {trouble}
    </p>
  );
}

function Orders({ onSignOut }: { onSignOut: () => void }) {
  const { data = [] } = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  return <button onClick={onSignOut}>Sign out ({data.join(", ")})</button>;
}
