import type { Purpose } from "../../authServer/endpoints.js";
import type { SendAuthorized } from "../../request/sendAuthorized.js";
import { fieldsOf } from "../../vocabulary/values.js";
import type { DevContext } from "../warning/devContext.js";
import { basePathOf } from "../warning/urls.js";
import {
  callThroughClient,
  doubledPath,
  errorWithoutCORS,
  originNotAllowed,
  ownHeader,
  pageForData,
  type PlainRequest,
} from "./requestWarnings.js";

/** A request that is sent as it is. */
export interface PlainURL {
  readonly method: string;
  /** As the client will send it. */
  readonly url: string;
  readonly bringsItsOwn: boolean;
  /** The base URL that it starts from, if that is the client's own. */
  readonly defaultBaseURL?: string | undefined;
}

/** Looks at the app's requests. */
export interface RequestWatch {
  /** Listens to those that are sent through the session. */
  send(send: SendAuthorized): SendAuthorized;
  /** Is told of one that is sent as it is, and of what comes of it. */
  sentPlain(request: PlainURL, answer: Promise<object>): void;
}

export function watchRequests(
  { baseURL, origins, header, warn, inPage }: DevContext,
  purposeInCall: () => Purpose | undefined,
): RequestWatch {
  let hasApiAnswered = false;

  return {
    send: (send) => async (request) => {
      // Only a function that sends at once is known for sure: a later request may be anyone's.
      const purpose = purposeInCall();
      if (purpose) inPage(() => warn(callThroughClient(request.describe(), purpose)));
      const name = () => request.describe();
      try {
        const answer = await send(request);
        inPage((page) => {
          const { status } = answer;
          if (!hasApiAnswered) {
            const fault = pageForData(name(), status, request.inspect(answer).headers, page);
            if (fault) return warn(fault);
            hasApiAnswered = true;
          }
          warn(doubledPath(name(), status, basePathOf(baseURL, page)));
        });
        return answer;
      } catch (error) {
        inPage((page) => {
          const status = statusOf(error);
          if (hasApiAnswered) warn(errorWithoutCORS(name(), error, page));
          warn(doubledPath(name(), status, basePathOf(baseURL, page)));
        });
        throw error;
      }
    },

    sentPlain({ method, url, bringsItsOwn, defaultBaseURL }, answer) {
      inPage((page) => {
        const { origin, pathname } = new URL(url, page);
        const request: PlainRequest = {
          method: method.toUpperCase(),
          origin,
          path: pathname,
          isAllowed: origins.allows(url),
          bringsItsOwn,
          isByDefault: defaultBaseURL !== undefined && defaultBaseURL !== baseURL,
        };
        warn(ownHeader(request, header));
        const judge = (result: unknown) => warn(originNotAllowed(request, statusOf(result)));
        answer.then(judge, judge);
      });
    },
  };
}

/** The status of an answer, or of the one that an error of axios carries. */
function statusOf(result: unknown): number | undefined {
  const { status } = fieldsOf(fieldsOf(result)["response"] ?? result);
  return typeof status === "number" ? status : undefined;
}
