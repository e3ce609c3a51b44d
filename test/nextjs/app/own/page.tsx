import type { ReactNode } from "react";
import { Account } from "../../components/Account";

/** Rendered once, when the app is built. */
export default function Page(): ReactNode {
  return <Account />;
}
