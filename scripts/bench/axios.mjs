// A request with a valid token over one of bare axios, without a network. The first argument says which.
import axios from "axios";
import { createAuth } from "../../dist/index.js";
import { compare, makeToken, repeat } from "./measure.mjs";

const baseURL = "https://api.example.com";
const [subject] = process.argv.slice(2);
const { request, options } = {
  "axios: plain path": { request: ["/orders/1"] },
  "axios: with params": { request: ["/orders", { params: { page: 1, sort: "date" } }] },
  "axios: absolute URL": { request: [`${baseURL}/orders/1`] },
  "axios: with an event listener": { request: ["/orders/1"], options: { onEvent() {} } },
}[subject];

const answer = { data: "{}", status: 200, statusText: "OK" };
const adapter = async (config) => ({ ...answer, headers: {}, config });
const bare = axios.create({ baseURL, adapter });
const authed = axios.create({ baseURL, adapter });
const auth = createAuth({ axios: authed, login: () => ({ accessToken: makeToken() }), ...options });
await auth.login({});

await compare(
  { [subject]: [bare, authed].map((api) => repeat(() => api.get(...request))) },
  { rounds: 60, warmUps: 25 },
);
