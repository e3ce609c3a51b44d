import { useAuth } from "react-authed-query";
import type { ReactElement } from "react";
import { Link, useLocation } from "react-router";
import { Guests } from "../components/Guests.js";
import { SignInForm, type Field } from "../components/SignInForm.js";

const fields: readonly Field[] = [
  { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
  { name: "password", label: "Password", type: "password", autoComplete: "current-password" },
];

export function LoginPage(): ReactElement {
  const { login } = useAuth();
  const { search } = useLocation();
  return (
    <SignInForm title="Sign in" action="Sign in" fields={fields} onSubmit={login}>
      <p>
        New here? <Link to={{ pathname: "/signup", search }}>Make an account</Link>
      </p>
      <Guests />
    </SignInForm>
  );
}
