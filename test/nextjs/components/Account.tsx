import { RequireAuth, type AuthErrorCode } from "react-authed-query";
import type { ReactNode } from "react";
import { Orders } from "./Orders";
import { SignIn } from "./SignIn";

/** What goes wrong, in the words of this app: a server component may choose the language. */
const troubles: Partial<Record<AuthErrorCode, string>> = {
  login_failed: "That was not right.",
};

/** A server component: what it shows to whom is decided in the browser. */
export function Account(): ReactNode {
  return (
    <RequireAuth pending={<p>One moment …</p>} fallback={<SignIn troubles={troubles} />}>
      <Orders />
    </RequireAuth>
  );
}
