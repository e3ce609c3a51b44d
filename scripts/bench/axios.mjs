// A request with a valid token over one of bare axios, without a network.
import axios from "axios";
import { createAuth } from "../../dist/index.js";
import { compare, makeToken, repeat } from "./measure.mjs";

const baseURL = "https://api.example.com";
const answer = { data: "{}", status: 200, statusText: "OK" };
const adapter = async (config) => ({ ...answer, headers: {}, config });
const create = () => axios.create({ baseURL, adapter });

async function createAuthed(options) {
  const api = create();
  const auth = createAuth({ axios: api, login: () => ({ accessToken: makeToken() }), ...options });
  await auth.login({});
  return api;
}

const bare = create();
const authed = await createAuthed();
const listenedTo = await createAuthed({ onEvent() {} });
const pair = (api, ...given) => [bare, api].map((each) => repeat(() => each.get(...given)));
await compare(
  {
    "axios: plain path": pair(authed, "/orders/1"),
    "axios: with params": pair(authed, "/orders", { params: { page: 1, sort: "date" } }),
    "axios: absolute URL": pair(authed, `${baseURL}/orders/1`),
    "axios: with an event listener": pair(listenedTo, "/orders/1"),
  },
  { rounds: 40, warmUps: 25 },
);
