import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";

const folder = "example/server/session";
const readme = readFileSync(`${folder}/README.md`, "utf8");
const [beginning = "", ...sections] = readme.split(/^## /m);
const frameworks = sections.flatMap((text) => {
  const [, name] = /^With (.*)/.exec(text) ?? [];
  return name === undefined ? [] : [{ name, files: filesIn(text) }];
});

/** Files by name, as a document shows them. */
function filesIn(text: string): Map<string, string> {
  const blocks = [...text.matchAll(/^`([\w.]+)`\n\n```ts\n(.*?)^```/gms)];
  return new Map(blocks.map(([, name = "", code = ""]) => [name, code]));
}

/** A project of one's own: the copied folder, and what the README says to write beside it. */
let project: string;

beforeAll(() => {
  mkdirSync("test-results", { recursive: true });
  // Below this folder, so that what is imported is found.
  project = mkdtempSync(join(process.cwd(), "test-results", "lifted-"));
  cpSync(folder, join(project, "session"), { recursive: true });
  const database = sections.find((text) => text.startsWith("On a database")) ?? "";
  for (const [name, code] of [...filesIn(beginning), ...filesIn(database)]) write(name, code);
  for (const { name, files } of frameworks) {
    for (const [file, code] of files) write(file === "server.ts" ? mainOf(name) : file, code);
  }
  write("package.json", '{ "type": "module" }');
});

afterAll(() => {
  rmSync(project, { recursive: true });
});

const write = (name: string, text: string) => writeFileSync(join(project, name), text);
const mainOf = (framework: string) => `server-${framework.replace(":", "-")}.ts`;

test("what the README of the session folder shows compiles, strictly and in a plain project", () => {
  const compilerOptions = {
    ...{ strict: true, noEmit: true, skipLibCheck: true, types: ["node"] },
    ...{ module: "nodenext", target: "es2022", lib: ["es2022"] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
  };
  write("tsconfig.json", JSON.stringify({ compilerOptions }));
  const { stdout, status } = spawnSync("node_modules/.bin/tsc", ["-p", project], {
    encoding: "utf8",
  });
  expect(stdout).toBe("");
  expect(status).toBe(0);
});

test("the README of the session folder shows the servers as they are held to the contract", () => {
  expect(frameworks.map(({ name }) => name)).toEqual(["Hono", "Express", "Fastify", "node:http"]);
  for (const { files } of frameworks) {
    const [name = ""] = files.keys();
    const tested = readFileSync(`${folder}/../sessionServers/${name}`, "utf8");
    const shown = tested.replace("../session/", "./session/").replace(/^ *\/\/ oxlint.*\n/m, "");
    expect(files.get(name)).toBe(shown);
  }
});

test.each(frameworks.map(({ name }) => name))(
  "with %s, what the README of the session folder shows signs in, refreshes and signs out",
  async (name) => {
    const port = await freePort();
    const main = join(project, mainOf(name));
    writeFileSync(main, readFileSync(main, "utf8").replace("3000", String(port)));
    const child = spawn(process.execPath, ["--import", "tsx", main], {
      stdio: ["ignore", "ignore", "inherit"],
      env: {
        PATH: process.env["PATH"],
        NODE_ENV: "development",
        ACCESS_KEY: "0123456789 abcdefghijklmnopqrstuv access",
        REFRESH_KEY: "0123456789 abcdefghijklmnopqrstuv refresh",
        ADA_PASSWORD: "rollercoaster",
      },
    });
    onTestFinished(async () => {
      child.kill();
      await once(child, "exit");
    });
    const url = `http://localhost:${port}`;
    let cookie = "";
    const post = async (path: string, body: unknown) => {
      const headers = { origin: url, "x-requested-with": "test", cookie };
      const response = await fetch(url + path, {
        method: "POST",
        headers: { ...headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
      cookie = response.headers.get("set-cookie")?.split(";")[0] ?? cookie;
      return response;
    };
    await expect.poll(() => fetch(`${url}/me`).then(({ status }) => status, String)).toBe(401);

    const credentials = { email: "ada@app.example", password: "rollercoaster" };
    expect((await post("/auth/login", { ...credentials, password: "" })).status).toBe(401);
    expect((await post("/auth/login", credentials)).status).toBe(200);
    const refreshed = await post("/auth/refresh", {});
    // The folder's own answer.
    const { accessToken } = (await refreshed.json()) as { accessToken: string };
    const me = () => fetch(`${url}/me`, { headers: { authorization: `Bearer ${accessToken}` } });
    expect(await (await me()).json()).toEqual({ id: "1" });
    expect((await post("/auth/logout", {})).status).toBe(204);
    expect((await me()).status).toBe(401);
  },
);

/** Below those that the system gives to the connections and servers of other tests meanwhile. */
async function freePort(): Promise<number> {
  const server = createServer().listen(randomInt(20_000, 30_000));
  const isFree = await once(server, "listening").then(
    () => true,
    () => false,
  );
  if (!isFree) return freePort();
  // A server that listens on TCP has a port.
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
