import type { ReactElement } from "react";
import { Link, useLocation } from "react-router";
import { signUp } from "../auth.js";
import { SignInForm, type Field } from "../components/SignInForm.js";

const fields: readonly Field[] = [
  { name: "name", label: "Name", type: "text", autoComplete: "name" },
  { name: "email", label: "E-mail", type: "email", autoComplete: "username" },
  {
    name: "password",
    label: "Password",
    type: "password",
    autoComplete: "new-password",
    hint: "At least 10 characters.",
  },
];

export function SignUpPage(): ReactElement {
  const { search } = useLocation();
  return (
    <SignInForm
      title="Make an account"
      action="Make the account"
      fields={fields}
      onSubmit={({ name = "", email = "", password = "" }) => signUp({ name, email, password })}
    >
      <p>
        You have one? <Link to={{ pathname: "/login", search }}>Sign in</Link>
      </p>
    </SignInForm>
  );
}
