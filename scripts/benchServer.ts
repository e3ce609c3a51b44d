/**
 * What the example's session folder costs, beside the handler that most tutorials show (Express,
 * jsonwebtoken, one SELECT, no rotation):
 *
 *   npm run bench:server
 *
 * Refreshes and protected GETs per second and CPU per request, on PGlite and, where it is installed,
 * on PostgreSQL with one and two processes. Both servers answer in turns, so that what else the
 * machine does meets both. Fails if a refresh costs more than 1.2 of the naive one's CPU, or if the
 * heap grows over 100 000 requests.
 */
import { fork, type ChildProcess } from "node:child_process";
import { Agent, request } from "node:http";
import { parseArgs } from "node:util";
import { startTemporaryPostgres } from "../example/server/test/temporaryPostgres.js";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "9" },
    requests: { type: "string", default: "600" },
    steady: { type: "string", default: "100000" },
  },
});
const rounds = Number(values.rounds);
const requests = Number(values.requests);
const steady = Number(values.steady);
const clients = 16;
const bar = 1.2;

interface Usage {
  cpuMicros: number;
  heapBytes: number;
}

interface Backend {
  url: string;
  usage(): Promise<Usage>;
  stop(): void;
}

/** A browser that is signed in to one or more processes of a backend. */
interface Client {
  refresh(): Promise<void>;
  read(): Promise<void>;
}

const agent = new Agent({ keepAlive: true, maxSockets: clients * 2 });

function send(
  url: string,
  method: string,
  headers: Record<string, string>,
): Promise<{ body: string; cookie: string | undefined }> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (body += chunk));
      response.on("end", () => {
        if (response.statusCode !== 200) reject(new Error(`${response.statusCode}: ${body}`));
        else resolve({ body, cookie: response.headers["set-cookie"]?.[0]?.split(";")[0] });
      });
    });
    sent.on("error", reject);
    sent.end(method === "POST" ? "{}" : undefined);
  });
}

async function startBackend(kind: string, databaseURL = ""): Promise<Backend> {
  const child = fork(new URL("benchServer/server.ts", import.meta.url), [kind, databaseURL], {
    execArgv: ["--expose-gc", "--import", "tsx"],
    env: { ...process.env, NODE_ENV: "production" },
  });
  const { url } = await told<{ url: string }>(child);
  return {
    url,
    usage() {
      child.send("usage");
      return told<Usage>(child);
    },
    stop: () => void child.kill("SIGKILL"),
  };
}

function told<Message>(child: ChildProcess): Promise<Message> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) => reject(new Error(`The server ended with ${code}.`));
    child.once("exit", onExit);
    child.once("message", (message) => {
      child.off("exit", onExit);
      // Our own script, which says nothing else.
      resolve(message as Message);
    });
  });
}

async function signIn(backends: readonly Backend[]): Promise<Client> {
  let turn = 0;
  const next = () => backends[turn++ % backends.length]?.url ?? "";
  const own = (origin: string) => ({
    origin,
    "x-requested-with": "bench",
    "content-type": "application/json",
  });
  let url = next();
  const first = await send(`${url}/auth/login`, "POST", own(url));
  let { cookie = "" } = first;
  let token = tokenIn(first.body);
  return {
    async refresh() {
      url = next();
      const answer = await send(`${url}/auth/refresh`, "POST", { ...own(url), cookie });
      cookie = answer.cookie ?? cookie;
      token = tokenIn(answer.body);
    },
    async read() {
      await send(`${next()}/me`, "GET", { authorization: `Bearer ${token}` });
    },
  };
}

function tokenIn(body: string): string {
  // Both servers answer so.
  return (JSON.parse(body) as { accessToken: string }).accessToken;
}

/** Sends so many requests from all clients at once. Returns CPU microseconds and wall milliseconds for each. */
async function measure(
  backends: readonly Backend[],
  all: readonly Client[],
  verb: keyof Client,
  count = requests,
): Promise<{ cpu: number; wall: number }> {
  const before = await cpuOf(backends);
  const started = performance.now();
  let left = count;
  await Promise.all(
    all.map(async (client) => {
      while (left-- > 0) await client[verb]();
    }),
  );
  const wall = performance.now() - started;
  return { cpu: ((await cpuOf(backends)) - before) / count, wall: wall / count };
}

async function cpuOf(backends: readonly Backend[]): Promise<number> {
  const used = await Promise.all(backends.map((backend) => backend.usage()));
  return used.reduce((sum, { cpuMicros }) => sum + cpuMicros, 0);
}

const median = (numbers: number[]) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? 0;

async function compare(name: string, processes: number, databaseURL?: string): Promise<number> {
  const start = (kind: string) =>
    Promise.all(Array.from({ length: processes }, () => startBackend(kind, databaseURL)));
  const [ours, naive] = [await start("ours"), await start("naive")];
  const sides = await Promise.all(
    [ours, naive].map(async (backends) => ({
      backends,
      clients: await Promise.all(Array.from({ length: clients }, () => signIn(backends))),
    })),
  );
  let refreshRatio = 0;
  for (const verb of ["refresh", "read"] as const) {
    const cpu: number[][] = [[], []];
    const wall: number[][] = [[], []];
    for (let round = 0; round <= rounds; round += 1) {
      for (const [index, side] of sides.entries()) {
        const measured = await measure(side.backends, side.clients, verb);
        // The first round only warms up.
        if (round === 0) continue;
        cpu[index]?.push(measured.cpu);
        wall[index]?.push(measured.wall);
      }
    }
    const ratio = median((cpu[0] ?? []).map((value, index) => value / (cpu[1]?.[index] ?? 1)));
    const row = [0, 1].map((index) => {
      const perSecond = Math.round(1000 / median(wall[index] ?? []));
      return `${perSecond}/s, ${Math.round(median(cpu[index] ?? []))} µs`;
    });
    console.log(`${name}, ${verb}: ours ${row[0]}; naive ${row[1]}; CPU ${ratio.toFixed(2)}`);
    if (verb === "refresh") refreshRatio = ratio;
  }
  for (const backend of [...ours, ...naive]) backend.stop();
  return refreshRatio;
}

/** The heap's bytes before and after the requests, once it is warm. */
async function heapOver(): Promise<[before: number, after: number]> {
  const backends = [await startBackend("ours")];
  const all = await Promise.all(Array.from({ length: clients }, () => signIn(backends)));
  const heap = async () => (await backends[0]?.usage())?.heapBytes ?? 0;
  await measure(backends, all, "refresh", steady / 10);
  const before = await heap();
  await measure(backends, all, "refresh", steady / 2);
  await measure(backends, all, "read", steady / 2);
  const after = await heap();
  for (const backend of backends) backend.stop();
  return [before, after];
}

const postgres = await startTemporaryPostgres();
const ratios = [await compare("PGlite", 1)];
if (typeof postgres === "string") {
  console.log(`Without PostgreSQL: ${postgres}`);
} else {
  ratios.push(await compare("PostgreSQL, one process", 1, postgres.url));
  ratios.push(await compare("PostgreSQL, two processes", 2, postgres.url));
  postgres.stop();
  postgres.remove();
}
const [before, after] = await heapOver();
const bytes = (after - before) / steady;
const megabytes = (heap: number) => `${(heap / 1e6).toFixed(2)} MB`;
console.log(
  `Heap over ${steady} requests: ${megabytes(before)} before, ${megabytes(after)} after, ${bytes.toFixed(1)} bytes per request`,
);
agent.destroy();
const isDear = ratios.some((ratio) => ratio > bar);
if (isDear) console.error(`A refresh costs more than ${bar} of the naive one's CPU.`);
if (bytes > 10) console.error("The heap grows with the requests.");
process.exit(isDear || bytes > 10 ? 1 : 0);
