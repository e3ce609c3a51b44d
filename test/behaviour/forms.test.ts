import { describe, expect, test } from "vitest";
import type { ReceivedRequest } from "../support/authServer.js";
import { clients } from "../support/clients.js";

/** What the server makes of a form: each field, and of a file its name, type and content. */
async function read({ body, headers }: ReceivedRequest): Promise<unknown[]> {
  const type = headers["content-type"] ?? "";
  const form = await new Response(new Uint8Array(body), {
    headers: { "content-type": type },
  }).formData();
  return Promise.all(
    [...form].map(async ([name, value]) =>
      typeof value === "string"
        ? [name, value]
        : [name, value.name, value.type, await value.text()],
    ),
  );
}

describe.each(clients)("%s, 12: a form", (client) => {
  test("arrives with its fields and files in their order, also when it is replayed", async () => {
    const form = new FormData();
    form.append("title", "Ada's engine");
    form.append("notes", "one\r\ntwo");
    form.append('a "field"', "quoted");
    form.append("photo", new File(["pixels"], 'a "name".png', { type: "image/png" }));
    form.append("raw", new File(["bytes"], "raw"));
    form.append("title", "again");
    const { server, send } = await client.setup();
    server.expireTokens();
    expect(await send("/upload", { method: "POST", body: form })).toMatchObject({ status: 200 });
    const uploads = server.requests.filter(({ path }) => path === "/upload");
    expect(uploads).toHaveLength(2);
    for (const upload of uploads) {
      expect(await read(upload)).toEqual([
        ["title", "Ada's engine"],
        ["notes", "one\r\ntwo"],
        ['a "field"', "quoted"],
        ["photo", 'a "name".png', "image/png", "pixels"],
        ["raw", "raw", "application/octet-stream", "bytes"],
        ["title", "again"],
      ]);
    }
  });

  test("without fields arrives as one", async () => {
    const { server, send } = await client.setup();
    expect(await send("/upload", { method: "POST", body: new FormData() })).toMatchObject({
      status: 200,
    });
    const [upload] = server.requests.slice(-1);
    expect(upload && (await read(upload))).toEqual([]);
  });
});
