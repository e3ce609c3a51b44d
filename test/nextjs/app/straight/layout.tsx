import Link from "next/link";
import { AuthProvider } from "react-authed-query";
import type { ReactNode } from "react";

/** Options that can be sent to the browser may be given in a server component. */
export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <>
      <nav>
        <Link href="/straight">Orders</Link> <Link href="/straight/offers/fr">Offers</Link>
      </nav>
      <AuthProvider baseURL="/api">{children}</AuthProvider>
    </>
  );
}
