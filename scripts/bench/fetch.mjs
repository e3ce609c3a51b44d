// `auth.fetch` of a GET with a valid token over `fetch(new Request())`, without a network.
import { createAuth } from "../../dist/index.js";
import { compare, makeToken, repeat } from "./measure.mjs";

const baseURL = "https://api.example.com";
const url = `${baseURL}/orders/1`;
const fetch = async () => new Response("{}");
const auth = createAuth({ baseURL, login: () => ({ accessToken: makeToken() }), fetch });
await auth.login({});

await compare(
  { "auth.fetch: GET": [repeat(() => fetch(new Request(url))), repeat(() => auth.fetch(url))] },
  { rounds: 60, warmUps: 25 },
);
