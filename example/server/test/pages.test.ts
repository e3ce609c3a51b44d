import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startPark } from "./testPark.js";
import type { Config } from "../config.js";

const page = { accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

/** A park with a built app: a page, a hashed script, a picture, and a secret beside the folder. */
async function startBuiltPark(overrides: Partial<Config> = {}): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "park-app-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const appDir = join(folder, "dist");
  mkdirSync(join(appDir, "assets"), { recursive: true });
  writeFileSync(join(folder, "secret.txt"), "secret");
  writeFileSync(join(appDir, "index.html"), "<h1>The park</h1>");
  writeFileSync(join(appDir, "assets/index-BrTzkuuN.js"), "park()");
  writeFileSync(join(appDir, "assets/icon.svg"), "<svg/>");
  return (await startPark({ appDir, ...overrides })).url;
}

/** Reads the whole answer: a server that closes waits for a connection that nobody has read to its end. */
async function open(url: string, init?: RequestInit) {
  const response = await fetch(url, init);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

describe("the pages", () => {
  test.each(["/", "/rides", "/account/sessions"])("%s is the app, never stored", async (path) => {
    const response = await open((await startBuiltPark()) + path, { headers: page });
    expect(response.text).toBe("<h1>The park</h1>");
    expect(response.headers.get("content-type")).toMatch(/^text\/html/);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  test("a file with a hash in its name is kept for a year, another is asked for again", async () => {
    const url = await startBuiltPark();
    const script = await open(`${url}/assets/index-BrTzkuuN.js`);
    expect(script.text).toBe("park()");
    expect(script.headers.get("content-type")).toMatch(/javascript/);
    expect(script.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
    const icon = await open(`${url}/assets/icon.svg`);
    expect(icon.headers.get("cache-control")).toBe("no-cache");
  });

  test("a missing script is not answered with a page", async () => {
    const response = await open(`${await startBuiltPark()}/assets/gone-BrTzkuuN.js`);
    expect(response.status).toBe(404);
    expect(response.text).not.toContain("<");
  });

  test("answer GET and HEAD only", async () => {
    const url = await startBuiltPark();
    const head = await open(`${url}/rides`, { method: "HEAD", headers: page });
    expect(head.status).toBe(200);
    expect(head.text).toBe("");
    expect((await open(`${url}/rides`, { method: "POST", headers: page })).status).toBe(404);
  });

  test.each(["/../secret.txt", "/..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"])(
    "%s leads out of the folder, so nowhere",
    async (path) => {
      const url = await startBuiltPark();
      // `fetch` would tidy the path before it is sent.
      const text = await new Promise<string>((resolve, reject) => {
        request(url, { path }, (response) => {
          let received = "";
          response.on("data", (chunk: Buffer) => (received += chunk.toString()));
          response.on("end", () => resolve(`${response.statusCode} ${received}`));
        })
          .on("error", reject)
          .end();
      });
      expect(text).toMatch(/^404 /);
      expect(text).not.toContain("secret");
    },
  );

  test("say how to build the app when it is not built", async () => {
    const { url } = await startPark({ appDir: tmpdir() });
    const response = await open(url, { headers: page });
    expect(response.status).toBe(503);
    expect(response.text).toContain("npm run example:build");
  });
});

describe("every answer", () => {
  test.each(["/", "/nowhere.js", "/api/health", "/api/me"])(
    "carries the security headers: %s",
    async (path) => {
      const { headers } = await open((await startBuiltPark()) + path);
      expect(headers.get("content-security-policy")).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
          "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; " +
          "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      );
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      expect(headers.get("permissions-policy")).toContain("camera=()");
      expect(headers.get("cross-origin-opener-policy")).toBe("same-origin");
      expect(headers.get("cross-origin-resource-policy")).toBe("same-origin");
    },
  );

  test("asks for https in production, and there only", async () => {
    const asks = async (isProduction: boolean) =>
      (await open(await startBuiltPark({ isProduction }))).headers.has("strict-transport-security");
    expect(await asks(true)).toBe(true);
    expect(await asks(false)).toBe(false);
  });

  test.each(["/api/health", "/api/me", "/api/nowhere"])(
    "of the API is not stored: %s",
    async (path) => {
      const { client } = await startPark();
      expect((await client.get(path)).headers.get("cache-control")).toBe("no-store");
    },
  );
});
