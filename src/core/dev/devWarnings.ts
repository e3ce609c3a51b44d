import type { Purpose } from "../authServer/endpoints.js";
import type { ReadAnswer } from "../authServer/readAnswer.js";
import type { Platform } from "../platform/platform.js";
import type { Answered, AuthorizedRequest } from "../request/authorizedRequest.js";
import type { SendAuthorized } from "../request/sendAuthorized.js";
import { fieldsOf } from "../vocabulary/values.js";
import { examineAnswer, isElsewhere, isOffline, type WarningContext } from "./examineAnswer.js";

/**
 * Names likely set-up mistakes in the console of a page, once each, with the remedy. It listens and
 * changes nothing, says names but no values, and belongs in no production bundle.
 */
export interface DevWarnings {
  /** Listens to login, refresh and logout. */
  readAnswer(read: ReadAnswer): ReadAnswer;
  /** Listens to the app's requests. */
  send(send: SendAuthorized): SendAuthorized;
}

type Described = Pick<AuthorizedRequest<Answered>, "describe">;

/** What the warnings depend on. */
export interface WarningDependencies extends Omit<WarningContext, "warnOnce" | "memory"> {
  /** Of `dispose()`. */
  readonly signal: AbortSignal;
}

export function createDevWarnings(dependencies: WarningDependencies): DevWarnings {
  const { origins, platform, signal } = dependencies;
  const said = new Set<string>();
  const context = { ...dependencies, warnOnce, memory: { isCookieUnproven: false } };
  let hasApiAnswered = false;
  /** The endpoint function that is being called at this very moment. */
  let calling: Purpose | undefined;

  function warnOnce(sentence: string, mistake = sentence): void {
    // A call that is cut off as the Auth is disposed of is no mistake.
    if (signal.aborted || said.has(mistake)) return;
    said.add(mistake);
    console.warn(`react-authed-query: ${sentence}`);
  }

  function examineCaller({ describe }: Described, purpose: Purpose): void {
    const { method, path } = describe();
    inPage(platform, () =>
      warnOnce(
        `The function that does the ${purpose} sent ${method} ${path} through the client, which may wait for that very ${purpose}. Use the \`fetch\` that the function is given.`,
      ),
    );
  }

  function examineFailure({ describe }: Described, error: unknown): void {
    const isSilence = error instanceof TypeError || fieldsOf(error)["code"] === "ERR_NETWORK";
    // If its successes can be seen, it is there.
    if (!isSilence || !hasApiAnswered) return;
    inPage(platform, (page) => {
      if (!isElsewhere(origins, page) || isOffline()) return;
      const { method, path } = describe();
      warnOnce(
        `${method} ${path} gave no answer that scripts may see. If the network panel shows a 401, the API's errors lack the CORS headers, and no refresh can follow: send Access-Control-Allow-Origin: ${page.origin} on errors too.`,
        "silence",
      );
    });
  }

  return {
    readAnswer: (read) => async (purpose, call) => {
      const result = await read(purpose, () => {
        calling = purpose;
        try {
          return call();
        } finally {
          calling = undefined;
        }
      });
      inPage(platform, (page) => examineAnswer(context, purpose, result, page));
      return result;
    },

    send: (send) => async (request) => {
      // Only a function that sends at once is known for sure; whoever sends later may be anyone.
      if (calling) examineCaller(request, calling);
      try {
        const answer = await send(request);
        hasApiAnswered = true;
        return answer;
      } catch (error) {
        examineFailure(request, error);
        throw error;
      }
    },
  };
}

/** Looks into it if there is a page: servers are told nothing. */
function inPage(platform: Platform, examineIn: (page: URL) => void): void {
  try {
    const page = platform.documentURL();
    if (page !== undefined) examineIn(new URL(page));
  } catch {
    // A URL that is none, say: to look for a mistake must not be one.
  }
}
