import { dehydrate, HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { OfferText } from "./OfferText";

/** What anyone may see: asked for on the server, without a session, and handed to the browser. */
export async function Offer({ country }: { country: string }): Promise<ReactNode> {
  const queryClient = new QueryClient();
  await queryClient.prefetchQuery({
    queryKey: ["offer"],
    queryFn: async () => {
      const url = new URL(`/offers/${country}`, process.env["BACKEND_URL"]);
      return (await fetch(url, { cache: "no-store" })).text();
    },
  });
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <OfferText />
    </HydrationBoundary>
  );
}
