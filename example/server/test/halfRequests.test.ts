import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import { ada, createClient } from "./client.js";
import { startPark } from "./testPark.js";

const start = [
  "POST /api/auth/login HTTP/1.1",
  "Host: localhost",
  "Content-Type: application/json",
  "Sec-Fetch-Site: same-origin",
  "X-Requested-With: park",
].join("\r\n");

test.each([
  ["headers", start],
  ["a body", `${start}\r\nContent-Length: 100\r\n\r\n{"email":`],
])("a client that sends half of %s is cut off, and others are not", async (_, half) => {
  const { url, client } = await startPark({ requestSeconds: 0.2 });
  const { port } = new URL(url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.write(half);
  // Ends when the server closes the connection.
  const answer = await text(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  expect((await client.post("/api/auth/login", ada)).status).toBe(200);
  expect((await createClient(url).get("/api/health")).status).toBe(200);
});
