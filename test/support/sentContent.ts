import type { ReceivedRequest } from "./authServer.js";

/** Type and bytes of a body, with one word for the boundary of a form, which is the sender's choice. */
export function sentContent(request: ReceivedRequest | undefined): { type: string; bytes: string } {
  const type = request?.headers["content-type"] ?? "";
  const bytes = request?.body.toString("latin1") ?? "";
  const boundary = /boundary=(.+)/.exec(type)?.[1] ?? "no boundary";
  return {
    type: type.replace(boundary, "boundary"),
    bytes: bytes.replaceAll(boundary, "boundary"),
  };
}
