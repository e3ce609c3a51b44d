import { createTRPCClient, httpBatchLink } from "@trpc/client";
import type { AppRouter } from "../server/router";
import { auth, baseURL } from "./auth";

export const trpc = createTRPCClient<AppRouter>({
  links: [httpBatchLink({ url: `${baseURL}/trpc`, fetch: auth.fetch })],
});
