/** `false` for a body that can be read only once: a stream, or a form that is one (`form-data`). */
export function isReplayable(body: unknown): boolean {
  return !(isNodeStream(body) || isWebStream(body));
}

/**
 * The body as it was when the request was made, whatever the app does to it meanwhile: bytes are
 * copied, and of a form its fields and files in their order. The sender chooses the boundary.
 */
export function freezeBody(body: unknown): unknown {
  const view = body instanceof ArrayBuffer ? new Uint8Array(body) : body;
  if (ArrayBuffer.isView(view)) {
    const { buffer, byteOffset, byteLength } = view;
    return buffer.slice(byteOffset, byteOffset + byteLength);
  }
  // React Native's forms cannot be listed.
  if (typeof FormData === "undefined" || !(body instanceof FormData) || !body.entries) return body;
  const copy = new FormData();
  for (const [name, value] of body) copy.append(name, value);
  return copy;
}

/** Frees the body of an answer that nobody will read. */
export function discardBody(body: unknown): void {
  // One that has broken, or that somebody is reading, cannot be cancelled and need not be.
  if (isWebStream(body)) body.cancel().catch(() => {});
  else if (isNodeStream(body)) body.destroy?.();
}

function isNodeStream(body: unknown): body is { pipe: unknown; destroy?: () => void } {
  return typeof body === "object" && body !== null && "pipe" in body;
}

function isWebStream(body: unknown): body is ReadableStream {
  return typeof ReadableStream !== "undefined" && body instanceof ReadableStream;
}
