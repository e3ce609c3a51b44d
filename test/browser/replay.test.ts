import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { after, answer } from "../support/answers.js";
import { startAuthServer, type AuthServer } from "../support/authServer.js";
import { inEveryEngine } from "../support/browser.js";
import { deferred } from "../support/deferred.js";
import { libraryScript } from "../support/libraryScript.js";
import { sentContent } from "../support/sentContent.js";
import type { Tab, TabbedBrowser } from "../support/tabs.js";

let server: AuthServer;

beforeAll(async () => {
  server = await startAuthServer();
  const script = await libraryScript();
  server.on("/page", (_, response) => {
    response.setHeader("content-type", "text/html");
    response.end(`<!doctype html><script type="module">
      import { createAuth } from "/library.js";
      globalThis.auth = createAuth();
    </script>`);
  });
  server.on("/library.js", (_, response) => {
    response.setHeader("content-type", "text/javascript");
    response.end(script);
  });
});

afterAll(async () => {
  await server?.close();
});

inEveryEngine((open) => {
  let browser: TabbedBrowser;
  let page: Tab;

  beforeAll(async () => {
    browser = await open();
  });

  afterAll(() => browser?.close());

  beforeEach(async () => {
    page = await browser.newTab();
    await page.goto(`${server.url}/page`);
    await page.evaluate(() => auth.login({ password: "right" }).then(() => {}));
    server.expireTokens();
    return () => page.close();
  });

  describe("in a browser, the replay has the same content", () => {
    const bodies: Record<string, () => Promise<unknown>> = {
      JSON: () => page.evaluate(() => auth.api.post("/upload", { name: "Ada", tags: ["ä", "😀"] })),
      text: () => page.evaluate(() => auth.api.post("/upload", "plain ☂")),
      URLSearchParams: () =>
        page.evaluate(() => auth.api.post("/upload", new URLSearchParams({ q: "a b&c" }))),
      FormData: () =>
        page.evaluate(() => {
          const form = new FormData();
          form.append('na"me', "line\nbreak");
          form.append(
            "photo",
            new File([new Uint8Array(5000).fill(7)], 'ö".png', { type: "image/png" }),
          );
          return auth.api.post("/upload", form);
        }),
      Blob: () => page.evaluate(() => auth.api.post("/upload", new Blob(["some ", "bytes"]))),
      ArrayBuffer: () =>
        page.evaluate(() => auth.api.post("/upload", new Uint8Array([0, 255, 10, 13]).buffer)),
      "typed-array view": () =>
        page.evaluate(() => auth.api.post("/upload", new Uint16Array([1, 2, 3]))),
      "auth.fetch, text": () =>
        page.evaluate(() => auth.fetch("/upload", { method: "POST", body: "plain ☂" })),
      "auth.fetch, FormData": () =>
        page.evaluate(() => {
          const form = new FormData();
          form.append("photo", new File([new Uint8Array(5000).fill(7)], "a.png"));
          return auth.fetch("/upload", { method: "POST", body: form });
        }),
      "auth.fetch, typed-array view": () =>
        page.evaluate(() =>
          auth.fetch("/upload", { method: "POST", body: new Uint16Array([1, 2]) }),
        ),
      "auth.fetch, a Request": () =>
        page.evaluate(() =>
          auth.fetch(new Request("/upload", { method: "POST", body: new Blob(["some bytes"]) })),
        ),
    };

    test.each(Object.keys(bodies))("%s", async (kind) => {
      const before = server.requests.length;
      await bodies[kind]?.();
      const uploads = server.requests.slice(before).filter(({ path }) => path === "/upload");
      expect(uploads).toHaveLength(2);
      const [first, replay] = uploads;
      expect(sentContent(replay)).toEqual(sentContent(first));
      expect(replay?.body.length).toBeGreaterThan(0);
      expect(replay?.headers["content-length"]).toBe(String(replay?.body.length));
    });

    test("FormData as a server reads it: names, files and types as they were", async () => {
      await bodies["FormData"]?.();
      const { headers, body } = server.requests.at(-1) ?? {};
      const type = headers?.["content-type"] ?? "";
      const form = await new Response(new Uint8Array(body ?? []), {
        headers: { "content-type": type },
      }).formData();
      expect(form.get('na"me')).toBe("line\r\nbreak");
      const photo = form.get("photo");
      expect(photo).toMatchObject({ name: 'ö".png', type: "image/png", size: 5000 });
    });
  });

  test("a request aborted while it waits rejects at once, and the others go on", async () => {
    const go = deferred();
    server.on("POST /auth/refresh", after(go.promise));
    const aborted = await page.evaluate(async () => {
      const controller = new AbortController();
      const waiting = auth.api.get("/me", { signal: controller.signal });
      Object.assign(globalThis, { other: auth.api.get("/other") });
      auth.onEvent(({ type }) => type === "refresh-sent" && controller.abort());
      return waiting.catch((error: { code?: string }) => error.code);
    });
    expect(aborted).toBe("ERR_CANCELED");
    go.resolve();
    // The page has put it there.
    const status = () =>
      (globalThis as { other?: Promise<{ status: number }> }).other?.then((reply) => reply.status);
    expect(await page.evaluate(status)).toBe(200);
    server.off("POST /auth/refresh");
  });

  test("what the caller receives of a failed request shows no token", async () => {
    server.on("/broken", (_, response) => void response.writeHead(500).end("{}"));
    const text = await page.evaluate(async () => {
      const error: unknown = await auth.api.get("/broken").catch((failure: unknown) => failure);
      const seen = new Set<unknown>();
      const parts: string[] = [JSON.stringify(error)];
      (function walk(value: unknown): void {
        if (typeof value === "string") parts.push(value);
        if (typeof value !== "object" || value === null || seen.has(value)) return;
        seen.add(value);
        for (const key of Reflect.ownKeys(value)) walk(Reflect.get(value, key));
      })(error);
      return parts.join("\n");
    });
    expect(text).toContain("500");
    expect(text).not.toMatch(/Bearer|eyJ/);
  });

  describe("a login sends a body of 100 KiB", () => {
    const logins: Record<string, () => Promise<string>> = {
      "of fields": () =>
        page.evaluate(async () => {
          const picture = "x".repeat(100 * 1024);
          return (await auth.login({ password: "right", picture })).status;
        }),
      "of a form": () =>
        page.evaluate(async () => {
          const form = new FormData();
          form.append("picture", new Blob([new Uint8Array(100 * 1024)]));
          return (await auth.login(form)).status;
        }),
      "of a function": () =>
        page.evaluate(async () => {
          const body = new Blob([new Uint8Array(100 * 1024)]);
          const state = await auth.login(({ fetch }) =>
            fetch("/sign-up", { method: "POST", body }),
          );
          return state.status;
        }),
    };

    test.each(Object.keys(logins))("%s", async (kind) => {
      for (const route of ["POST /auth/login", "POST /sign-up"]) {
        server.on(route, answer(200, { accessToken: "opaque" }));
      }
      onTestFinished(() => server.off("POST /auth/login"));
      await page.evaluate(() => auth.logout().then(() => {}));
      expect(await logins[kind]?.()).toBe("authenticated");
      expect(server.requests.at(-1)?.body.length).toBeGreaterThan(100 * 1024 - 1);
    });
  });
});
