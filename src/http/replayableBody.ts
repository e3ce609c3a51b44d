/** `false` for a body that can be read only once: a stream, or a form that is one (`form-data`). */
export function isReplayable(body: unknown): boolean {
  return !(isNodeStream(body) || isWebStream(body));
}

/**
 * The body as bytes that stay the same, whatever the app does to it meanwhile. A `FormData` would
 * get another boundary each time it is sent; as a `Blob` it is fixed, without reading its files.
 */
export function freezeBody(
  body: unknown,
  random: () => number,
): { data: unknown; contentType?: string } {
  const view = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  if (ArrayBuffer.isView(view)) {
    const { buffer, byteOffset, byteLength } = view;
    return { data: buffer.slice(byteOffset, byteOffset + byteLength) };
  }
  if (typeof FormData === "undefined" || !(body instanceof FormData)) return { data: body };
  const boundary = `----form-${`${random()}${random()}`.replaceAll("0.", "")}`;
  const parts: (string | Blob)[] = [];
  for (const [name, value] of body) {
    const isText = typeof value === "string";
    const file = isText ? "" : `; filename="${quote(value.name)}"`;
    const type = isText ? "" : `\r\nContent-Type: ${value.type || "application/octet-stream"}`;
    parts.push(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quote(withCRLF(name))}"${file}${type}\r\n\r\n`,
      isText ? withCRLF(value) : value,
      "\r\n",
    );
  }
  const contentType = `multipart/form-data; boundary=${boundary}`;
  return { data: new Blob([...parts, `--${boundary}--\r\n`], { type: contentType }), contentType };
}

/** Frees the body of an answer that nobody will read. */
export function discardBody(body: unknown): void {
  // One that has broken, or that somebody is reading, cannot be cancelled and need not be.
  if (isWebStream(body)) body.cancel().catch(() => {});
  else if (isNodeStream(body)) body.destroy?.();
}

// HTML, "multipart/form-data encoding algorithm".
function withCRLF(text: string): string {
  return text.replaceAll(/\r\n|\r|\n/g, "\r\n");
}

function quote(name: string): string {
  return name.replaceAll("\r", "%0D").replaceAll("\n", "%0A").replaceAll('"', "%22");
}

function isNodeStream(body: unknown): body is { pipe: unknown; destroy?: () => void } {
  return typeof body === "object" && body !== null && "pipe" in body;
}

function isWebStream(body: unknown): body is ReadableStream {
  return typeof ReadableStream !== "undefined" && body instanceof ReadableStream;
}
