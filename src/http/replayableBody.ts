import { fieldsOf } from "../core/vocabulary/values.js";

/** `false` for a body that can be read only once: a stream, or a form that is one (`form-data`). */
export function isReplayable(body: unknown): boolean {
  const { pipe, getReader } = fieldsOf(body);
  return !pipe && !getReader;
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
  if (isReplayable(body)) return;
  // One of the web's or one of Node's.
  const stream = body as Partial<ReadableStream & { destroy: () => void }>;
  // One that has broken, or that somebody is reading, cannot be cancelled and need not be.
  stream.cancel?.().catch(() => {});
  stream.destroy?.();
}
