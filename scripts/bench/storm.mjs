// Many requests meet one expiry, over a loopback server: the time until all are answered, over that of
// a queue written by hand.
import { fork } from "node:child_process";
import { Agent } from "node:http";
import axios from "axios";
import { createAuth } from "../../dist/index.js";
import { compare, cpuMs, wallMs } from "./measure.mjs";
import { createQueueClient } from "./queueClient.mjs";

const server = fork(new URL("server.mjs", import.meta.url), { execArgv: [] });
const port = await new Promise((resolve) => server.once("message", resolve));
const baseURL = `http://127.0.0.1:${port}`;
const httpAgent = new Agent({ keepAlive: true, maxSockets: 100 });
const options = { baseURL, httpAgent };
const plain = axios.create(options);
const refresh = async () => (await plain.post("/refresh")).data.accessToken;

const queue = createQueueClient(options, refresh);
await queue.signIn();

const api = axios.create(options);
const auth = createAuth({
  axios: api,
  login: async () => ({ accessToken: await refresh() }),
  refresh: async () => ({ accessToken: await refresh() }),
});
await auth.login({});

const storm = (client, requests) => async () => {
  await plain.post("/expire");
  const answers = await Promise.all(
    Array.from({ length: requests }, () => client.get("/orders/1")),
  );
  if (answers.some(({ status }) => status !== 200)) throw new Error("A request failed.");
};
const pair = (requests) => [storm(queue.api, requests), storm(api, requests)];
// The wall time is what people wait for. On a busy machine it swings; the CPU time of the client does not.
const clocks = { ", wall time": wallMs, ", CPU time": cpuMs };
// What one storm leaves behind is not the next one's to clear away.
const prepare = globalThis.gc;
await compare({ "storm of 1 000": pair(1000) }, { rounds: 6, warmUps: 1, clocks, prepare });
await compare({ "storm of 10 000": pair(10_000) }, { rounds: 3, warmUps: 0, clocks, prepare });
server.kill();
