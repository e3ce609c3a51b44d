import { fieldsOf } from "../core/vocabulary/values.js";

/** `false` for a body that can be read only once: a stream, or a form that is one (`form-data`). */
export function isReplayable(body: unknown): boolean {
  if (typeof body !== "object") return true;
  const { pipe, getReader } = fieldsOf(body);
  return !pipe && !getReader;
}

/**
 * The body as it was when the request was made, whatever the app does to it meanwhile: bytes are
 * copied, and of a form its fields and files in their order. The sender chooses the boundary.
 */
export function freezeBody(body: unknown): unknown {
  if (typeof body !== "object") return body;
  if (body instanceof ArrayBuffer) return body.slice(0);
  // Of the same kind. Node's Buffer has a `slice` of its own, which does not copy.
  const { slice } = Uint8Array.prototype;
  if (ArrayBuffer.isView(body) && "slice" in body) return Reflect.apply(slice, body, []);
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
