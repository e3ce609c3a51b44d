import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { auth, baseURL } from "./auth";

export const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: new HttpLink({ uri: `${baseURL}/graphql`, fetch: auth.fetch }),
});
auth.onLogout(() => void client.clearStore());
