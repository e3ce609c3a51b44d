import type { RefreshOn } from "react-authed-query";

export const refreshOn: RefreshOn = async ({ status, json }) => {
  if (status !== 207) return status === 401;
  // What tRPC answers to a batch.
  const results = (await json()) as { error?: { data: { code: string } } }[];
  return results.some(({ error }) => error?.data.code === "UNAUTHORIZED");
};
