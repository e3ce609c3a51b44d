import { initTRPC, TRPCError } from "@trpc/server";
import { addOrder, orderOf } from "./orders";

const { router, procedure } = initTRPC.context<{ isSignedIn: boolean }>().create();

const authed = procedure.use(({ ctx, next }) => {
  if (!ctx.isSignedIn) throw new TRPCError({ code: "UNAUTHORIZED" });
  return next();
});

const text = (input: unknown) => String(input);

export const appRouter = router({
  prices: procedure.query(() => "public"),
  order: authed.input(text).query(({ input }) => orderOf(input)),
  addOrder: authed.input(text).mutation(({ input }) => addOrder(input)),
});

export type AppRouter = typeof appRouter;
