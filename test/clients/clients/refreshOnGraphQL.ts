import type { RefreshOn } from "react-authed-query";

export const refreshOn: RefreshOn = async ({ status, url, json }) => {
  if (status === 401 || !url.includes("/graphql")) return status === 401;
  // A GraphQL response, by its specification.
  const { errors = [] } = (await json()) as { errors?: { extensions?: { code?: string } }[] };
  return errors.some(({ extensions }) => extensions?.code === "UNAUTHENTICATED");
};
