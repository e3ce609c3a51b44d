import { describe, expect, test } from "vitest";
import { ada } from "./client.js";
import { startPark } from "./testPark.js";

const png = "\x89PNG\r\n\x1A\n";
const photos = [
  ["image/png", `${png} and so on`],
  ["image/jpeg", "\xFF\xD8\xFF\xE0 and so on"],
  ["image/webp", "RIFF\x10\0\n\0WEBPVP8 and so on"],
] as const;

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

async function visitor() {
  const { client, url } = await startPark();
  const { accessToken } = (await client.post("/api/auth/login", ada)).body;
  const send = (method: string, body?: FormData | string, more: Record<string, string> = {}) =>
    fetch(`${url}/api/me/photo`, {
      method,
      ...(body !== undefined && { body }),
      headers: {
        authorization: `Bearer ${accessToken}`,
        "sec-fetch-site": "same-origin",
        "x-requested-with": "park",
        ...more,
      },
    });
  return { send, upload: (content: string) => send("POST", formWith(content)) };
}

function formWith(content: string): FormData {
  const form = new FormData();
  // The type is a lie in most of these tests; nobody should believe it.
  form.append("photo", new Blob([latin1(content)], { type: "text/html" }), "photo.html");
  return form;
}

describe("a photo", () => {
  test.each(photos)("of type %s is kept, byte for byte", async (type, content) => {
    const { send, upload } = await visitor();
    expect((await upload(content)).status).toBe(204);
    const response = await send("GET");
    expect(response.headers.get("content-type")).toBe(type);
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(latin1(content));
  });

  test("takes the place of the one before, and is taken away", async () => {
    const { send, upload } = await visitor();
    expect((await send("GET")).status).toBe(204);
    await upload(`${png}old`);
    await upload(`${png}new`);
    expect(await (await send("GET")).text()).toContain("new");
    expect((await send("DELETE")).status).toBe(204);
    expect((await send("GET")).status).toBe(204);
  });

  test.each(["<script>alert(1)</script>", "<svg/>", "GIF89a", ""])(
    "that is something else is refused, whatever it is called: %s",
    async (content) => {
      const { upload } = await visitor();
      const response = await upload(content);
      expect(response.status).toBe(415);
      expect(await response.json()).toMatchObject({ error: "not_a_photo" });
    },
  );

  test("that is too large is refused", async () => {
    const { upload } = await visitor();
    expect((await upload(png.padEnd(1024 * 1024))).status).toBe(413);
    expect((await upload(png.padEnd(1000 * 1000))).status).toBe(204);
  });

  test.each([
    ["a JSON body", "{}", "application/json"],
    ["a broken form", "photo", "multipart/form-data"],
  ])("is not %s", async (_, body, type) => {
    const { send } = await visitor();
    expect((await send("POST", body, { "content-type": type })).status).toBe(415);
  });

  test("comes from the park's own page only", async () => {
    const { send } = await visitor();
    const from = (headers: Record<string, string>) => send("POST", formWith(png), headers);
    expect((await from({ "sec-fetch-site": "cross-site" })).status).toBe(403);
    expect((await from({ "x-requested-with": "form" })).status).toBe(403);
  });
});
