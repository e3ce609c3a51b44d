import { once } from "node:events";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { WebSocket } from "ws";
import type { Config } from "../config.js";
import { closeCodes } from "../queueTimes.js";
import { ada, grace } from "./client.js";
import { startPark, type TestPark } from "./testPark.js";

type Times = Record<string, number>;

/** A page that listens: what it hears, and with which code its socket is closed. */
function listen({ url }: TestPark, token?: string, origin = url) {
  const protocols = token === undefined ? ["app"] : ["app", token];
  const address = `${url.replace("http", "ws")}/api/queue-times`;
  const socket = new WebSocket(address, protocols, { origin });
  onTestFinished(() => socket.terminate());
  const heard: Times[] = [];
  socket.on("message", (data: Buffer) => heard.push(JSON.parse(data.toString())));
  const refused = once(socket, "unexpected-response").then(([, { statusCode }]) => statusCode);
  const closed = new Promise<number>((resolve) => {
    socket.once("close", resolve);
    socket.on("error", () => resolve(0));
  });
  return {
    socket,
    heard,
    refused,
    closed,
    showToken: (next: unknown) => socket.send(JSON.stringify({ type: "token", token: next })),
    hears: (atLeast: number) => vi.waitUntil(() => heard.length >= atLeast, 60_000),
  };
}

async function signedIn(overrides: Partial<Config> = {}, credentials = ada) {
  const park = await startPark({ queueTimesSeconds: 0.02, ...overrides });
  const { accessToken } = (await park.client.post("/api/auth/login", credentials)).body;
  return { park, token: accessToken };
}

describe("the queue times", () => {
  test("are told at once to who shows a token, and again and again as they change", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(3);
    const [first, second] = page.heard;
    expect(Object.keys(first ?? {})).toHaveLength(7);
    expect(second).not.toEqual(first);
    const [latest] = page.heard.slice(-1);
    const rides = (await park.client.get("/api/rides", token)).body;
    expect(rides.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(latest ?? {})));
  });

  test("change by chance in a demonstration only", async () => {
    const park = await startPark({ queueTimesSeconds: 0.02, isDemo: false });
    const mary = { name: "Mary", email: "mary@park.example", password: "seven-blue-horses" };
    const { accessToken } = (await park.client.post("/api/auth/signup", mary)).body;
    const page = listen(park, accessToken);
    await page.hears(3);
    expect(page.heard[2]).toEqual(page.heard[0]);
  });

  test.each([
    ["no token", undefined],
    ["a token of somebody else's making", "a.b.c"],
  ])("are not for a page that shows %s", async (_, token) => {
    const page = listen(await startPark(), token);
    expect(await page.closed).toBe(closeCodes.tokenExpired);
    expect(page.heard).toEqual([]);
  });

  test("are not for a page of another site, whatever token it has", async () => {
    const { park, token } = await signedIn();
    expect(await listen(park, token, "https://evil.example").refused).toBe(403);
    expect(await listen(park, token, "null").refused).toBe(403);
  });

  test("are for the page behind the proxy, where one hides the address", async () => {
    const publicOrigin = "https://park.example";
    const { park, token } = await signedIn({ publicOrigin });
    await listen(park, token, publicOrigin).hears(1);
    expect(await listen(park, token).refused).toBe(403);
  });

  test("stop when the token expires; the next one is good again", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(1);
    park.advance(31);
    expect(await page.closed).toBe(closeCodes.tokenExpired);
    const { accessToken } = (await park.client.post("/api/auth/refresh")).body;
    await listen(park, accessToken).hears(2);
  });

  test("go on beyond the token's end over a socket that shows the next one in time", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(1);
    park.advance(20);
    page.showToken((await park.client.post("/api/auth/refresh")).body.accessToken);
    // Once this has been heard, so has the token.
    await page.hears(page.heard.length + 2);
    park.advance(20);
    await page.hears(page.heard.length + 2);
    park.advance(20);
    expect(await page.closed).toBe(closeCodes.tokenExpired);
  });

  test("stop for a socket that shows another session's token", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(1);
    page.showToken((await park.newClient().post("/api/auth/login", ada)).body.accessToken);
    expect(await page.closed).toBe(closeCodes.tokenExpired);
  });

  test.each([
    ["nothing that is a token", { type: "token", token: "two\nlines" }],
    ["something else", { type: "ride", token: "a.b.c" }],
    ["no message at all", undefined],
  ])("stop for a socket that shows %s, and the log does not show it", async (_, message) => {
    const { park, token } = await signedIn();
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    const page = listen(park, token);
    await page.hears(1);
    page.socket.send(JSON.stringify(message) ?? "no JSON");
    expect(await page.closed).toBe(closeCodes.tokenExpired);
    expect(report).not.toHaveBeenCalled();
    report.mockRestore();
  });

  test("stop when the session is revoked, and no other does", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    const other = park.newClient();
    const { accessToken } = (await other.post("/api/auth/login", grace)).body;
    const kept = listen(park, accessToken);
    await Promise.all([page.hears(1), kept.hears(1)]);
    await park.client.post("/api/auth/logout");
    expect(await page.closed).toBe(closeCodes.tokenExpired);
    await kept.hears(kept.heard.length + 2);
  });

  test("go to twenty sockets of one session at most", async () => {
    const { park, token } = await signedIn();
    const pages = Array.from({ length: 20 }, () => listen(park, token));
    await Promise.all(pages.map(({ hears }) => hears(1)));
    expect(await listen(park, token).closed).toBe(closeCodes.tooMany);
    pages[0]?.socket.close();
    await pages[0]?.closed;
    const another = listen(park, token);
    await another.hears(1);
    expect(another.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("come without the token in any header of the answer", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    const [{ rawHeaders }] = await once(page.socket, "upgrade");
    expect(rawHeaders.join()).not.toContain(token);
    expect(page.socket.protocol).toBe("app");
  });

  test("outlive a database that is away for a moment", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(1);
    const report = vi.spyOn(console, "error").mockImplementation(() => {});
    await park.database.query("ALTER TABLE rides RENAME TO lost");
    await vi.waitUntil(() => report.mock.calls.length > 0, 60_000);
    await park.database.query("ALTER TABLE lost RENAME TO rides");
    report.mockRestore();
    const before = page.heard.length;
    await page.hears(before + 2);
    expect(page.socket.readyState).toBe(WebSocket.OPEN);
  });

  test("do not keep the server from closing", async () => {
    const { park, token } = await signedIn();
    const page = listen(park, token);
    await page.hears(1);
    await park.close();
    expect(await page.closed).toBe(1001);
  });
});
