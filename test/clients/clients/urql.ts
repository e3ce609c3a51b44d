import { cacheExchange, Client, fetchExchange } from "urql";
import { auth, baseURL } from "./auth";

const exchanges = [cacheExchange, fetchExchange];
const createClient = () => new Client({ url: `${baseURL}/graphql`, exchanges, fetch: auth.fetch });

export let client = createClient();
auth.onLogout(() => {
  client = createClient();
});
