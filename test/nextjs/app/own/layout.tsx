import Link from "next/link";
import type { ReactNode } from "react";
import { Providers } from "./providers";

export default function Layout({ children }: { children: ReactNode }): ReactNode {
  return (
    <>
      <nav>
        <Link href="/own">Orders</Link> <Link href="/own/offers/fr">Offers</Link>
      </nav>
      <Providers>{children}</Providers>
    </>
  );
}
