import { isRecord } from "../../vocabulary/values.js";
import type { Fault, SeenAnswer } from "../warning/seenAnswer.js";
import { doubledBase } from "../warning/urls.js";

/** Of a 404 or 405: which of three mistakes it shows, each with its own remedy. */
export function missingEndpoint(seen: SeenAnswer): Fault | undefined {
  const { purpose, options, url, basePath, kind, answer, isElsewhere } = seen;
  const { status, headers } = answer;
  // Of a login, a 404 may be the answer; of others, where `isRefused` says so.
  const isMeant = purpose === "login" ? isAboutUser(seen) : kind !== "misconfigured";
  if ((status !== 404 && status !== 405) || isMeant) return undefined;
  const answered = `${url} answered ${status}`;
  if (typeof options[purpose] === "function") {
    return {
      sentence: `${answered}: there is no such endpoint, or not for this method. Correct the URL or the method that the function sends.`,
    };
  }
  const doubled = doubledBase(pathOf(url), basePath);
  if (doubled) {
    return {
      sentence: `${answered}: ${basePath} is in it twice, because \`${purpose}\` starts from \`baseURL\`. Write \`${purpose}\` as "${doubled}".`,
    };
  }
  const orFalse = purpose === "logout" ? ", or to `false`" : "";
  const other = `\`${purpose}\` to a URL, a request or a function${orFalse}`;
  if (!isElsewhere && !/json/i.test(headers.get("content-type") ?? "")) {
    return {
      sentence: `${answered} on the page's own origin, and no JSON: that is probably the web server or dev server itself. Let it pass the path on to the API (in Vite with \`server.proxy\`), or set \`baseURL\` to the API's address. If it was the API that answered, set ${other}.`,
    };
  }
  return {
    sentence: `${answered}: there is no such endpoint, or not for this method. Set ${other}, or correct \`baseURL\`.`,
  };
}

/** The answers that frameworks give by themselves to a path they do not know. */
const routeless =
  /^(404:? )?(page |route |resource |endpoint )?not[ _-]?found[.!]?$|^cannot (get|post|put|patch|delete) |^[\d.]+$|^about:blank$|^https?:\/\/|^\d{4}-\d\d-\d\dT|^[\da-f|:-]{16,}$/i;

/** A login endpoint may answer 404 to an unknown user: then something in the answer tells of that. */
function isAboutUser({ url, answer: { status, data } }: SeenAnswer): boolean {
  if (status !== 404 || !isRecord(data)) return false;
  const path = pathOf(url).slice(1);
  return Object.values(data).some(
    (value) => isText(value) && !routeless.test(value) && !(path && value.includes(path)),
  );
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function pathOf(url: string): string {
  return url.replace(/^[a-z][\w+.-]*:\/\/[^/]*/i, "").replace(/[?#].*/, "");
}
