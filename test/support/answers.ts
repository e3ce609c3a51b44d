import { sendJSON, type Handler } from "./authServer.js";

/** Answers with this status; an object as JSON, a text as it is. */
export function answer(
  status: number,
  body?: object | string,
  headers: Record<string, string> = {},
): Handler {
  return (_, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (typeof body === "object") sendJSON(response, status, body);
    else response.writeHead(status).end(body);
  };
}

/** Answers a page, as a firewall or a captive portal does. */
export const page = (status: number): Handler =>
  answer(status, "<h1>Welcome</h1>", { "content-type": "text/html; charset=utf-8" });

/** Never answers. */
export const hang: Handler = () => {};

/** Drops the connection. */
export const drop: Handler = (_, response) => void response.destroy();

/** Answers as usual, once the promise resolves. */
export const after =
  (promise: Promise<unknown>): Handler =>
  () =>
    promise.then(() => "default" as const);
