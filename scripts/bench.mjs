// What an authed request costs over bare axios, without a network: run `npm run build` first.
import axios from "axios";
import { createAuth } from "../dist/index.js";

const rounds = 9;
const requestsPerRound = 20_000;
const bar = 1.15;

const adapter = async (config) => ({
  data: "{}",
  status: 200,
  statusText: "OK",
  headers: {},
  config,
});
const options = { baseURL: "https://api.example.com", adapter };
const bare = axios.create(options);
const authed = axios.create(options);

const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const iat = Math.floor(Date.now() / 1000);
const accessToken = `${part({ alg: "none" })}.${part({ sub: "1", iat, exp: iat + 3600 })}.x`;
const auth = createAuth({ axios: authed, login: () => ({ accessToken }) });
await auth.login({});

async function time(api) {
  const start = performance.now();
  for (let count = 0; count < requestsPerRound; count += 1) await api.get("/orders/1");
  return ((performance.now() - start) / requestsPerRound) * 1000;
}

await time(bare);
await time(authed);
const ratios = [];
for (let round = 0; round < rounds; round += 1) {
  const [without, withAuth] = [await time(bare), await time(authed)];
  ratios.push(withAuth / without);
  console.log(`bare ${without.toFixed(1)} µs, authed ${withAuth.toFixed(1)} µs`);
}
const median = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
console.log(`median of ${rounds} rounds: ${median.toFixed(2)} of bare axios (the bar is ${bar})`);
process.exitCode = median <= bar ? 0 : 1;
