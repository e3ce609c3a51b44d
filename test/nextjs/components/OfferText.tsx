"use client";

import { skipToken, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

export function OfferText(): ReactNode {
  const { data } = useQuery<string>({
    queryKey: ["offer"],
    // The server has asked already.
    queryFn: skipToken,
    // It stays when someone signs out.
    meta: { public: true },
  });
  return <p>{data}</p>;
}
