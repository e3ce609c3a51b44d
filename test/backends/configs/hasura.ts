import { createAuth } from "react-authed-query";

type Body = { errors?: { extensions?: { code?: string } }[] };

export const auth = createAuth({
  baseURL: "/api",
  async refreshOn({ status, url, json }) {
    if (status !== 200 || !url.includes("/graphql")) return status === 401;
    const { errors } = (await json()) as Body;
    return errors?.some(({ extensions }) => extensions?.code === "invalid-jwt") ?? false;
  },
});
