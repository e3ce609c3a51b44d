import type { AxiosInstance } from "axios";
import { useAuthedQuery, type Auth } from "react-authed-query";
import { useEffect, useRef, type ReactElement } from "react";

// What goes to a player or to another tab needs a link that works without a header: let the API sign
// one for this file and one minute (`POST /files/7/link`), and open that. It works for whoever has it,
// so it must not live longer, nor be for more.

/** An image that only a signed-in user may see: `<img src>` alone would be sent without the token. */
export function ProtectedImage({ src, alt }: { src: string; alt: string }): ReactElement {
  const { data: blob } = useAuthedQuery<Blob>({
    // Leave it out of a persisted cache (`shouldDehydrateQuery`): a Blob is no JSON.
    queryKey: ["image", src],
    request: { url: src, responseType: "blob" },
    staleTime: Infinity,
  });
  const image = useRef<HTMLImageElement>(null);
  useEffect(() => {
    const { current } = image;
    if (!blob || !current) return undefined;
    const url = URL.createObjectURL(blob);
    current.src = url;
    return () => {
      current.removeAttribute("src");
      // Until then the page keeps the picture, whatever else forgets it.
      URL.revokeObjectURL(url);
    };
  }, [blob]);
  return <img ref={image} alt={alt} />;
}

/**
 * Downloads a file that only a signed-in user may have, with `api` from `useApi()` or `auth`. Rejects
 * as any request does, also when the session ends meanwhile.
 *
 * @param name - what to save it as; what the server says if omitted. (It has to expose the header
 * `Content-Disposition` to a page of another origin.)
 */
export async function download(api: AxiosInstance, url: string, name?: string): Promise<void> {
  const { data, headers } = await api.get<Blob>(url, { responseType: "blob" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name ?? fileName(String(headers["content-disposition"])) ?? "download";
  link.click();
  // Safari comes for it only later.
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

declare global {
  interface Window {
    /** Chromium has it. */
    showSaveFilePicker?: (options: { suggestedName: string }) => Promise<FileSystemFileHandle>;
  }
}

/**
 * Downloads what is too big for memory: straight to the disk, where the browser can. Only a click
 * may call this, for it asks where to save. A logout meanwhile leaves no half of a file.
 */
export async function downloadToDisk(auth: Auth, url: string, name: string): Promise<void> {
  if (!window.showSaveFilePicker) return download(auth.api, url, name);
  const file = await window.showSaveFilePicker({ suggestedName: name });
  // The same URL as for `api`: `fetch` knows no `baseURL`.
  const { ok, status, body } = await auth.fetch(auth.api.getUri({ url }));
  if (!ok || !body) throw new Error(`No file, but ${status}.`);
  await body.pipeTo(await file.createWritable());
}

/** The name in a `Content-Disposition`; the one that may hold any letter goes first. @see RFC 6266 §4.3 */
export function fileName(disposition: string): string | undefined {
  const [, encoded] = /;\s*filename\*=\s*UTF-8'[^']*'([^;\s]+)/i.exec(disposition) ?? [];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      // Badly encoded: the plain one has to do.
    }
  }
  const [, quoted, plain] =
    /;\s*filename=\s*(?:"((?:\\.|[^"\\])*)"|([^;\s]+))/i.exec(disposition) ?? [];
  return quoted?.replace(/\\(.)/g, "$1") ?? plain;
}
