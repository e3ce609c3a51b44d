import { Hono } from "hono";
import { expect, test } from "vitest";
import { readConfig } from "../../example/server/config.js";
import { securityHeaders } from "../../example/server/securityHeaders.js";
import { codeBlocksOf, pageAt } from "./markdown.js";

test("the page shows the policy that the example's server sends", async () => {
  const app = new Hono()
    .use(securityHeaders(readConfig({ DATA_DIR: "memory://" })))
    .get("/", ({ text }) => text(""));
  const { headers } = await app.request("/");
  const [policy] = codeBlocksOf(pageAt("docs/security.md")).map(({ code }) => code);
  expect(policy).toBe(`Content-Security-Policy: ${headers.get("content-security-policy")}\n`);
});
