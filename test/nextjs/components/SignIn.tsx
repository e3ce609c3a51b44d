"use client";

import { AuthError, useAuth, type AuthErrorCode } from "react-authed-query";
import { useState, type ReactNode, type SyntheticEvent } from "react";

export function SignIn(props: { troubles: Partial<Record<AuthErrorCode, string>> }): ReactNode {
  const { login } = useAuth();
  const [trouble, setTrouble] = useState("");

  async function signIn(event: SyntheticEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const password = new FormData(event.currentTarget).get("password");
    try {
      await login({ email: "ada@example.com", password });
    } catch (error) {
      const known = error instanceof AuthError && props.troubles[error.code];
      setTrouble(known || "Try again.");
    }
  }

  return (
    <form onSubmit={(event) => void signIn(event)}>
      <label>
        Password <input name="password" type="password" autoComplete="current-password" />
      </label>
      <button>Sign in</button>
      <p role="alert">{trouble}</p>
    </form>
  );
}
