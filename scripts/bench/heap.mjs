// What a request holds while it waits for a refresh, over one in a queue written by hand.
import axios, { AxiosError } from "axios";
import { createAuth } from "../../dist/index.js";
import { makeToken, report } from "./measure.mjs";
import { createQueueClient } from "./queueClient.mjs";

const requests = 5000;
const rounds = 5;
const baseURL = "https://api.example.com";

/** Answers 401 until it is told of a new token. */
function createServer() {
  let accepted;
  const adapter = (config) =>
    new Promise((resolve, reject) => {
      // In a turn of its own, as an answer of the network.
      setImmediate(() => {
        const isGood = config.headers.Authorization === `Bearer ${accepted}`;
        const response = { data: "{}", status: isGood ? 200 : 401, headers: {}, config };
        if (isGood) resolve(response);
        else reject(new AxiosError("401", "ERR_BAD_REQUEST", config, undefined, response));
      });
    });
  let answerRefresh;
  return {
    options: { baseURL, adapter },
    expireToken: () => (accepted = undefined),
    refresh: () => new Promise((resolve) => (answerRefresh = resolve)),
    answerRefresh(token) {
      accepted = token;
      answerRefresh(token);
    },
  };
}

async function createQueue() {
  const server = createServer();
  const { api, signIn } = createQueueClient(server.options, server.refresh);
  const signedIn = signIn();
  server.answerRefresh("1");
  await signedIn;
  return { api, server };
}

async function createOurs() {
  const server = createServer();
  const api = axios.create(server.options);
  const auth = createAuth({
    axios: api,
    login: () => ({ accessToken: makeToken() }),
    refresh: async () => ({ accessToken: await server.refresh() }),
  });
  await auth.login({});
  return { api, server };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 50));

async function heapOf({ api, server }, round) {
  server.expireToken();
  globalThis.gc();
  const before = process.memoryUsage().heapUsed;
  const answers = [];
  for (let count = 0; count < requests; count += 1) answers.push(api.get("/orders/1"));
  await settled();
  globalThis.gc();
  const held = process.memoryUsage().heapUsed - before;
  server.answerRefresh(`${makeToken()}${round}`);
  await Promise.all(answers);
  await settled();
  return held / requests;
}

const [queue, ours] = [await createQueue(), await createOurs()];
for (let round = 0; round < rounds; round += 1) {
  const byHand = await heapOf(queue, round);
  const byUs = await heapOf(ours, round);
  if (round > 0) report("heap of a request that waits", byUs / byHand);
}
