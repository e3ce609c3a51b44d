import { act, screen } from "@testing-library/react";
import { useState, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  download,
  downloadToDisk,
  fileName,
  ProtectedImage,
} from "../../../example/recipes/download.js";
import { answer } from "../../support/answers.js";
import { deferred } from "../../support/deferred.js";
import { failure } from "../../support/failure.js";
import { renderRecorded } from "../../support/frames.js";
import { bob, signIn } from "../../support/people.js";
import { setup, type Setup } from "../../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];

/** What the page keeps alive by object URLs. */
let kept: Map<string, Blob>;
let urls: number;
/** What the person was given to save. */
let saved: { content: Blob | undefined; name: string }[];

beforeEach(async () => {
  ({ server, auth } = await setup());
  kept = new Map();
  urls = 0;
  saved = [];
  // jsdom has neither these, nor downloads.
  Object.assign(URL, {
    createObjectURL(blob: Blob) {
      const url = `blob:${++urls}`;
      kept.set(url, blob);
      return url;
    },
    revokeObjectURL: (url: string) => kept.delete(url),
  });
  vi.spyOn(HTMLAnchorElement.prototype, "click").mockImplementation(function click(
    this: HTMLAnchorElement,
  ) {
    saved.push({ content: kept.get(this.href), name: this.download });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  Reflect.deleteProperty(window, "showSaveFilePicker");
});

describe("a protected image", () => {
  let expired: string | null;

  beforeEach(() => {
    expired = null;
    for (const ride of ["carousel", "coaster"]) {
      server.on(`/photos/${ride}`, ({ token }, response) => {
        if (!token || token === expired) response.writeHead(401).end();
        else response.writeHead(200, { "content-type": "image/png" }).end(ride);
      });
    }
  });

  function Album(): ReactElement {
    const [ride, setRide] = useState("carousel");
    return (
      <>
        <ProtectedImage src={`/photos/${ride}`} alt={ride} />
        <button onClick={() => setRide("coaster")}>next</button>
      </>
    );
  }

  /** What the image shows, once it shows something. */
  async function picture(alt: string): Promise<string | undefined> {
    const image = await screen.findByRole<HTMLImageElement>("img", { name: alt });
    await expect.poll(() => image.getAttribute("src")).not.toBeNull();
    return kept.get(image.src)?.text();
  }

  test("is shown, after one refresh if the token has expired", async () => {
    expired = await auth.getAccessToken();
    renderRecorded(auth, <Album />);
    expect(await picture("carousel")).toBe("carousel");
    expect([...kept.values()].map(({ type }) => type)).toEqual(["image/png"]);
    expect(server.received("POST /auth/refresh")).toBe(1);
  });

  test("gives way to the next, and the page keeps it no more", async () => {
    renderRecorded(auth, <Album />);
    await picture("carousel");
    const go = deferred();
    server.on("/photos/coaster", async (_, response) => {
      await go.promise;
      response.end("coaster");
    });
    act(() => screen.getByText("next").click());
    expect(screen.getByRole("img").hasAttribute("src")).toBe(false);
    expect(kept.size).toBe(0);
    go.resolve();
    expect(await picture("coaster")).toBe("coaster");
    expect(kept.size).toBe(1);
  });

  test("is kept no more when it goes from the screen", async () => {
    const { unmount } = renderRecorded(auth, <Album />);
    await picture("carousel");
    unmount();
    expect(kept.size).toBe(0);
  });

  test("is nowhere after a logout: not on the screen, not in the page, not in the cache", async () => {
    const { queryClient } = renderRecorded(auth, <Album />);
    await picture("carousel");
    await act(() => auth.logout());
    expect(screen.getByRole("img").hasAttribute("src")).toBe(false);
    expect(kept.size).toBe(0);
    const cached = queryClient.getQueryCache().getAll();
    expect(cached.map(({ state }) => state.data)).toEqual([undefined]);
  });

  test("is asked for anew for another user", async () => {
    renderRecorded(auth, <Album />);
    await picture("carousel");
    server.on("/photos/carousel", (_, response) => void response.end("Bob's carousel"));
    await act(() => signIn(bob, auth, server));
    expect(await picture("carousel")).toBe("Bob's carousel");
    expect(kept.size).toBe(1);
  });
});

describe("a download", () => {
  const disposition = (value: string) =>
    answer(200, "the ticket", {
      "content-disposition": value,
      "access-control-expose-headers": "content-disposition",
    });

  test("is saved under the name that the server gives, or else under a given one", async () => {
    server.on("/ticket", disposition('attachment; filename="ticket 7.pdf"'));
    await download(auth.api, "/ticket");
    await download(auth.api, "/ticket", "mine.pdf");
    server.on("/ticket", answer(200, "the ticket"));
    await download(auth.api, "/ticket");
    expect(saved.map(({ name }) => name)).toEqual(["ticket 7.pdf", "mine.pdf", "download"]);
    expect(await saved[0]?.content?.text()).toBe("the ticket");
  });

  test("is not kept by the page", async () => {
    server.on("/ticket", answer(200, "the ticket"));
    vi.useFakeTimers({ toFake: ["setTimeout"] });
    await download(auth.api, "/ticket");
    expect(kept.size).toBe(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(kept.size).toBe(0);
  });

  test("is not saved if the session ends meanwhile", async () => {
    const asked = deferred();
    server.on("/ticket", () => asked.resolve());
    const downloading = failure(download(auth.api, "/ticket"));
    await asked.promise;
    void auth.logout();
    expect(await downloading).toMatchObject({ code: "ERR_CANCELED" });
    expect(saved).toEqual([]);
  });

  test.each([
    ["attachment; filename=ticket.pdf", "ticket.pdf"],
    ["attachment; filename=ticket.pdf; size=7", "ticket.pdf"],
    ['attachment; filename="a; \\"b\\".pdf"', 'a; "b".pdf'],
    ["attachment; filename=\"e.pdf\"; filename*=UTF-8''%E2%82%AC.pdf", "€.pdf"],
    ["attachment; FileName*=utf-8'en'%E2%82%AC.pdf; filename=e.pdf", "€.pdf"],
    ["attachment; filename*=UTF-8''%E2%82.pdf; filename=e.pdf", "e.pdf"],
    ["attachment; x-filename=no.pdf", undefined],
    ["inline", undefined],
  ])("is called after %s", (header, name) => {
    expect(fileName(header)).toBe(name);
  });
});

describe("a download to the disk", () => {
  /** A disk: what is on it, and what is only half there is not. */
  function offerDisk() {
    const disk = new Map<string, string>();
    window.showSaveFilePicker = async ({ suggestedName }) => {
      let text = "";
      const createWritable = async () =>
        new WritableStream<Uint8Array>({
          write: (chunk) => void (text += Buffer.from(chunk).toString()),
          close: () => void disk.set(suggestedName, text),
        });
      // Of a file's handle, this is all that is needed.
      return { createWritable } as unknown as FileSystemFileHandle;
    };
    return disk;
  }

  test("is saved there, after a refresh if the token has expired", async () => {
    const disk = offerDisk();
    const expired = await auth.getAccessToken();
    server.on("/ticket", ({ token }, response) => {
      if (token === expired) response.writeHead(401).end();
      else response.end("the ticket");
    });
    await downloadToDisk(auth, "/ticket", "ticket.pdf");
    expect([...disk]).toEqual([["ticket.pdf", "the ticket"]]);
    expect(kept.size).toBe(0);
  });

  test("leaves nothing there if the session ends meanwhile, or if there is no file", async () => {
    const disk = offerDisk();
    const begun = deferred();
    server.on("/ticket", (_, response) => {
      response.write("the ");
      begun.resolve();
    });
    const downloading = failure(downloadToDisk(auth, "/ticket", "ticket.pdf"));
    await begun.promise;
    await act(() => auth.logout());
    expect(await downloading).toMatchObject({ code: "session_ended" });
    await signIn(bob, auth, server);
    server.on("/ticket", answer(404, "gone"));
    expect(await failure(downloadToDisk(auth, "/ticket", "ticket.pdf"))).toMatchObject({
      message: "No file, but 404.",
    });
    expect(disk.size).toBe(0);
  });

  test("is one as any other where the browser cannot", async () => {
    server.on("/ticket", answer(200, "the ticket"));
    await downloadToDisk(auth, "/ticket", "ticket.pdf");
    expect(saved.map(({ name }) => name)).toEqual(["ticket.pdf"]);
  });
});
