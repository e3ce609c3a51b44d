import type { AuthResult } from "../../authServer/authResult.js";
import {
  endpointOf,
  resolveURL,
  type EndpointContext,
  type Purpose,
} from "../../authServer/endpoints.js";
import type { ReadAnswer } from "../../authServer/readAnswer.js";
import { isLoginFunction, type Login, type LoginFunction } from "../../login/login.js";
import { takesTurns } from "../auths/knownAuths.js";
import type { DevContext } from "../warning/devContext.js";
import type { Fault, SeenAnswer } from "../warning/seenAnswer.js";
import { areTwoNames, basePathOf, isLocalHost, isOffline } from "../warning/urls.js";
import { faultOfAnswer, faultsOfTokenSet } from "./answerWarnings.js";
import { createCookieWatch } from "./cookieWarnings.js";
import { guardedLogout } from "./logoutWarning.js";

/** Looks at what comes of login, refresh and logout. */
export interface AuthServerWatch {
  /** Listens to login, refresh and logout. */
  readAnswer(read: ReadAnswer): ReadAnswer;
  /** Notices a function that `login()` is given: it is called in place of the option. */
  login(login: Login): Login;
  /** The purpose of the endpoint function that is being called at this very moment. */
  purposeInCall(): Purpose | undefined;
}

export function watchAuthServer(context: DevContext): AuthServerWatch {
  const { app, platform, warn, inPage } = context;
  const cookies = createCookieWatch();
  let calling: Purpose | undefined;
  /** The function of `login()` that is being called at this very moment. */
  let loginInCall: LoginFunction | undefined;

  function examine(purpose: Purpose, result: AuthResult, page: URL, called: DevContext): void {
    const place = placeOf(purpose, called, page);
    warn(twoNames(place.endpointURL, page));
    const { answer, cause } = result;
    if (!answer) return warn(silence(purpose, place, cause, page));
    const seen = seenAnswer(purpose, { ...result, answer }, called, page);
    warn(
      wrongClock(answer.headers, platform.now()),
      ...(seen.tokenSet ? faultsOfTokenSet(seen) : [guardedLogout(seen) ?? faultOfAnswer(seen)]),
      cookies.examine(seen),
    );
  }

  return {
    purposeInCall: () => calling,

    readAnswer: (read) => async (purpose, call) => {
      if (app !== undefined && purpose !== "logout") {
        inPage(() => warn(takesTurns(context, app, platform) ? twoAuths : undefined));
      }
      let { options } = context;
      const result = await read(purpose, () => {
        calling = purpose;
        try {
          return call();
        } finally {
          if (loginInCall) options = { ...options, login: loginInCall };
          calling = loginInCall = undefined;
        }
      });
      inPage((page) => examine(purpose, result, page, { ...context, options }));
      return result;
    },

    login: (login) => (input) =>
      login(
        isLoginFunction(input)
          ? (endpointContext: EndpointContext) => {
              loginInCall = input;
              return input(endpointContext);
            }
          : input,
      ),
  };
}

/** The place of the endpoint, and its name in a sentence. */
function placeOf(
  purpose: Purpose,
  { options, baseURL, origins }: DevContext,
  page: URL,
): Pick<SeenAnswer, "url" | "endpointURL"> {
  const endpoint = endpointOf(options, purpose);
  if (typeof endpoint === "function") {
    return { url: `the \`${purpose}\` function`, endpointURL: new URL(baseURL, page) };
  }
  const url = resolveURL(endpoint.url, origins);
  return { url, endpointURL: new URL(url, page) };
}

function seenAnswer(
  purpose: Purpose,
  result: AuthResult & Pick<SeenAnswer, "answer">,
  context: DevContext,
  page: URL,
): SeenAnswer {
  const { options, baseURL, platform, isSignedIn } = context;
  const place = placeOf(purpose, context, page);
  const { kind, answer, tokenSet } = result;
  return {
    ...place,
    purpose,
    options,
    basePath: basePathOf(baseURL, page),
    kind,
    answer,
    tokenSet,
    isElsewhere: place.endpointURL.origin !== page.origin,
    isSignedIn: isSignedIn(),
    hasCSRFCookie: !!options.csrf && !!platform.readCookie(options.csrf.cookie),
  };
}

const twoAuths: Fault = {
  mistake: "two Auths",
  sentence:
    "Two Auths of this page take turns at refreshing one session, as two tabs would. Make one with createAuth(), in a module of its own, and import it everywhere. If they are of two apps that share a refresh URL, give each its own `tabs: { name }`.",
};

function twoNames(api: URL, page: URL): Fault | undefined {
  if (!areTwoNames(api, page)) return undefined;
  return {
    sentence: `The page is on ${page.hostname} and the API on ${api.hostname}: to a browser these are two sites, and it does not send the refresh cookie from one to the other. Use the same name for both.`,
  };
}

const clockToleranceMs = 300_000;

function wrongClock(headers: Headers, now: number): Fault | undefined {
  const aheadMs = now - Date.parse(headers.get("date") ?? "");
  if (!(Math.abs(aheadMs) > clockToleranceMs)) return undefined;
  const minutes = Math.round(Math.abs(aheadMs) / 60_000);
  return {
    mistake: "clock",
    sentence: `The clock of this device is ${minutes} min ${aheadMs > 0 ? "ahead of" : "behind"} the server's. The session works all the same, but code that compares \`exp\` with Date.now() does not: ask getAccessToken() for a token that is good now.`,
  };
}

/** A call without an answer: a browser does not tell a script why. */
function silence(
  purpose: Purpose,
  { url, endpointURL }: Pick<SeenAnswer, "url" | "endpointURL">,
  cause: unknown,
  page: URL,
): Fault | undefined {
  const isElsewhere = endpointURL.origin !== page.origin;
  if (!(cause instanceof TypeError) || !isElsewhere || isOffline()) return undefined;
  if (page.protocol === "https:" && endpointURL.protocol === "http:" && !isLocalHost(endpointURL)) {
    return {
      sentence: `${url} cannot be called: browsers let no page on https call http. Put https into \`baseURL\`.`,
    };
  }
  return {
    sentence: `${url} gave no answer that scripts may see. If it is running: from another origin, ${purpose} needs Access-Control-Allow-Origin: ${page.origin} (no wildcard) and Access-Control-Allow-Credentials: true, on errors too.`,
  };
}
