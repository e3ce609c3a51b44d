import { AuthError, useAuth, useAuthedQuery } from "react-authed-query";
import { useState, type SyntheticEvent } from "react";

export function App() {
  const { status, error } = useAuth();
  if (status === "loading") return <p>{error ? "No answer. Trying again …" : "One moment …"}</p>;
  return status === "authenticated" ? <Orders /> : <SignIn />;
}

function SignIn() {
  const { login } = useAuth();
  const [trouble, setTrouble] = useState("");

  async function signIn(event: SyntheticEvent<HTMLFormElement>) {
    event.preventDefault();
    setTrouble("");
    try {
      await login(Object.fromEntries(new FormData(event.currentTarget)));
    } catch (error) {
      const isWrong = error instanceof AuthError && error.status === 401;
      setTrouble(isWrong ? "Wrong e-mail or password." : "Sign-in failed. Try again in a moment.");
    }
  }

  return (
    <form onSubmit={signIn}>
      <label>
        E-mail <input name="email" type="email" autoComplete="username" />
      </label>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" />
      </label>
      <button>Sign in</button>
      <p role="alert">{trouble}</p>
    </form>
  );
}

function Orders() {
  const { logout } = useAuth();
  const { data, isError } = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  return (
    <>
      {isError && <p role="alert">The orders cannot be shown now.</p>}
      {data && <p>Orders: {data.join(", ")}</p>}
      <button onClick={logout}>Sign out</button>
    </>
  );
}
