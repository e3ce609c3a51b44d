import { request } from "node:http";
import { describe, expect, test } from "vitest";
import { ada } from "./client.js";
import { startPark } from "./testPark.js";

const json = { "content-type": "application/json" };
const marked = { "x-requested-with": "park" };
const sameOrigin = { "sec-fetch-site": "same-origin" };

interface Answer {
  status: number;
  body: string;
}

/** Sends exactly these headers, which `fetch` would add to. */
function post(url: string, headers: Record<string, string>, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(`${url}/api/auth/login`, { method: "POST", headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function login(headers: Record<string, string>): Promise<number> {
  const { url } = await startPark();
  return (await post(url, headers, JSON.stringify(ada))).status;
}

describe("a request that changes something", () => {
  test("from the park's own page is let in", async () => {
    expect(await login({ ...json, ...marked, ...sameOrigin })).toBe(200);
  });

  test.each([
    ["from another site", { ...json, ...marked, "sec-fetch-site": "cross-site" }],
    ["from a sibling subdomain", { ...json, ...marked, "sec-fetch-site": "same-site" }],
    ["typed into the address bar", { ...json, ...marked, "sec-fetch-site": "none" }],
    ["without the custom header", { ...json, ...sameOrigin }],
    [
      "with another custom header",
      { ...json, ...sameOrigin, "x-requested-with": "XMLHttpRequest" },
    ],
    ["of an old browser on another origin", { ...json, ...marked, origin: "http://evil.example" }],
    ["of a sandboxed frame in an old browser", { ...json, ...marked, origin: "null" }],
    ["that says nothing of where it is from", { ...json, ...marked }],
    ["that is a form", { ...marked, ...sameOrigin, "content-type": "text/plain" }],
    ["that is nearly JSON", { ...marked, ...sameOrigin, "content-type": "application/json-patch" }],
    ["without a type", { ...marked, ...sameOrigin }],
    [
      "that is a form of unknown length",
      { ...marked, ...sameOrigin, "content-type": "text/plain", "transfer-encoding": "chunked" },
    ],
  ])("%s is refused", async (_, headers) => {
    expect(await login(headers)).toBe(403);
  });

  test("is refused in the words of every error", async () => {
    const { url } = await startPark();
    const { body } = await post(url, json, JSON.stringify(ada));
    expect(JSON.parse(body)).toMatchObject({ error: "csrf", detail: expect.any(String) });
  });

  test("of an old browser is let in from the exact origin", async () => {
    const { url } = await startPark();
    const headers = { ...json, ...marked, origin: url };
    expect((await post(url, headers, JSON.stringify(ada))).status).toBe(200);
    const nearly = { ...headers, origin: `${url}0` };
    expect((await post(url, nearly, JSON.stringify(ada))).status).toBe(403);
  });

  test("is held to the configured public origin", async () => {
    const { url } = await startPark({ publicOrigin: "https://park.example" });
    const headers = { ...json, ...marked };
    const body = JSON.stringify(ada);
    expect((await post(url, { ...headers, origin: url }, body)).status).toBe(403);
    expect((await post(url, { ...headers, origin: "https://park.example" }, body)).status).toBe(
      200,
    );
  });

  test("may have no body and no type", async () => {
    const { client, url } = await startPark();
    await client.post("/api/auth/login", ada);
    const { status } = await fetch(`${url}/api/auth/logout`, {
      method: "POST",
      headers: { ...marked, ...sameOrigin },
    });
    expect(status).toBe(204);
  });

  test("that deletes is held to the same", async () => {
    const { url } = await startPark();
    const { status } = await fetch(`${url}/api/sessions/any`, { method: "DELETE" });
    expect(status).toBe(403);
  });

  test.each([
    ["known", {}],
    ["unknown", { "transfer-encoding": "chunked" }],
  ])("with a huge body of %s length is refused unread", async (_, length) => {
    const { url } = await startPark();
    const headers = { ...json, ...marked, ...sameOrigin, ...length };
    const { status, body } = await post(url, headers, `"${"a".repeat(20_000)}"`);
    expect(status).toBe(413);
    expect(JSON.parse(body)).toMatchObject({ error: "too_large" });
  });
});
