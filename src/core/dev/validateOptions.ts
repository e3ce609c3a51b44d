import type { AuthOptions } from "../../options.js";
import { misuse } from "../vocabulary/usageErrors.js";
import { isRecord } from "../vocabulary/values.js";

/**
 * Refuses a wrong option when it is given, and not when it is used. For development only: it belongs
 * in no production bundle.
 *
 * @throws TypeError that names the option and the remedy. It tells no value: that may be a secret.
 */
export function assertOptions(options: object): void {
  const fault = faultIn(options, rules);
  if (fault) throw misuse("wrong_option", fault);
}

/** The values that an option accepts: completes "must be …", which is the remedy. */
interface Rule {
  readonly be: string;
  readonly fits: (value: unknown) => boolean;
  /** An object with these fields and no others fits as well. */
  readonly fields?: Rules;
  /** The object is not complete without this field. */
  readonly isNeeded?: boolean;
}

type Rules = Readonly<Record<string, Rule>>;

const flag: Rule = { be: "true or false", fits: (value) => typeof value === "boolean" };
const callback: Rule = { be: "a function", fits: isFunction };
const headerName = 'the name of a header (RFC 9110 §5.6.2), such as "X-CSRF-Token"';
const seconds = "a number of seconds, 0 or more, such as 30";
const endpoint = "a URL as text, a request `{ url, … }`, or a function";

const request: Rules = {
  url: { be: 'a URL as text, such as "/auth/refresh"', fits: isFilledText, isNeeded: true },
  method: { be: 'the name of a method, such as "PUT"', fits: isToken },
  headers: {
    be: 'an object of texts by header name, such as { "X-Client": "web" }',
    fits: isHeaders,
  },
  body: { be: "anything", fits: () => true },
  sendToken: flag,
};

const rules: Readonly<Record<keyof AuthOptions | "axios", Rule>> = {
  baseURL: { be: 'a URL as text: "/api", or in full "https://api.example.com"', fits: isBaseURL },
  axios: { be: "what axios.create() returns", fits: isAxios },
  login: { be: endpoint, fits: isEndpoint, fields: request },
  refresh: {
    be: `${endpoint}; if there is none, \`() => new Response(null, { status: 401 })\``,
    fits: isEndpoint,
    fields: request,
  },
  logout: {
    be: `${endpoint}, or false if there is none`,
    fits: (value) => value === false || isEndpoint(value),
    fields: request,
  },
  readSession: callback,
  identify: callback,
  refreshOn: { be: "an array of statuses, such as [401, 403], or a function", fits: isRefreshOn },
  isRefused: callback,
  refreshAhead: {
    be: `${seconds}, or \`{ seconds, background }\``,
    fits: isDuration,
    fields: { seconds: { be: seconds, fits: isDuration }, background: flag },
  },
  refreshTimeoutMs: {
    be: "a positive number of milliseconds, such as 10000",
    fits: (value) => isDuration(value) && value > 0,
  },
  fetch: callback,
  // Production, too, checks that each is an origin.
  allowedOrigins: {
    be: 'an array of origins as text, such as ["https://api.example.com"]',
    fits: (value) => Array.isArray(value) && value.every(isText),
  },
  csrf: {
    be: "`{ cookie, header }`, the names of both",
    fits: () => false,
    fields: {
      cookie: { be: "the name of the cookie to copy", fits: isFilledText, isNeeded: true },
      header: { be: headerName, fits: isToken, isNeeded: true },
    },
  },
  header: { be: headerName, fits: isToken },
  scheme: {
    be: 'one word without spaces, such as "Bearer", or "" for none',
    fits: (value) => value === "" || isToken(value),
  },
  restore: {
    be: '"always", "hint" or "never"',
    fits: (value) => value === "always" || value === "hint" || value === "never",
  },
  tabs: {
    be: "`{ name, shareToken }`, or false",
    fits: (value) => value === false,
    fields: { name: { be: 'a text, such as "admin"', fits: isText }, shareToken: flag },
  },
  forgetOnRefusal: flag,
  onLogout: callback,
  onEvent: callback,
};

/** The first fault, as a sentence with the remedy; `undefined` if there is none. */
function faultIn(values: object, known: Rules, path = ""): string | undefined {
  const given = new Map<string, unknown>(Object.entries(values));
  const rulesByName = new Map(Object.entries(known));
  for (const name of new Set([...given.keys(), ...rulesByName.keys()])) {
    const value = given.get(name);
    const rule = rulesByName.get(name);
    if (value === undefined && !rule?.isNeeded) continue;
    const fault = rule
      ? faultOf(value, rule, path + name)
      : `\`${path}${name}\` is not an option; ${hint(name, [...rulesByName.keys()])}`;
    if (fault) return fault;
  }
  return undefined;
}

function faultOf(value: unknown, { be, fits, fields }: Rule, name: string): string | undefined {
  if (fits(value)) return undefined;
  return fields && isPlain(value)
    ? faultIn(value, fields, `${name}.`)
    : `\`${name}\` must be ${be}.`;
}

/** The name that shares most pairs of letters, if they are most of them; else all there are. */
function hint(name: string, known: readonly string[]): string {
  const pairs = pairsOf(name);
  const likeness = (other: string) => {
    const others = pairsOf(other);
    const shared = pairs.filter((pair) => others.includes(pair));
    return (2 * shared.length) / (pairs.length + others.length);
  };
  const nearest = known.reduce((best, each) => (likeness(each) > likeness(best) ? each : best));
  return likeness(nearest) > 0.5
    ? `did you mean \`${nearest}\`?`
    : `there are ${known.join(", ")}.`;
}

function pairsOf(name: string): string[] {
  return Array.from(name.toLowerCase().matchAll(/(?=(..))/g), ([, pair = ""]) => pair);
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isFilledText(value: unknown): value is string {
  return isText(value) && value !== "";
}

/** RFC 9110 §5.6.2: what names of headers, methods and schemes are made of. */
function isToken(value: unknown): value is string {
  return isText(value) && /^[\w!#$%&'*+\-.^`|~]+$/.test(value);
}

/** `localhost:3000` would be a URL of the scheme `localhost:`. */
function isBaseURL(value: unknown): boolean {
  const lacksSlashes = /^[^/?#]*:(?!\/\/)/;
  return isText(value) && !lacksSlashes.test(value) && isURL(value);
}

/** `URL.canParse` is of 2023. */
function isURL(text: string): boolean {
  try {
    return Boolean(new URL(text, "https://localhost"));
  } catch {
    return false;
  }
}

function isFunction(value: unknown): boolean {
  return typeof value === "function";
}

function isEndpoint(value: unknown): boolean {
  return isFilledText(value) || isFunction(value);
}

/** Told by its shape: the core knows no axios. */
function isAxios(value: unknown): boolean {
  return ["defaults", "interceptors"].every((name) => isRecord(Reflect.get(Object(value), name)));
}

function isHeaders(value: unknown): boolean {
  return (
    isPlain(value) && Object.entries(value).every(([name, text]) => isToken(name) && isText(text))
  );
}

function isRefreshOn(value: unknown): boolean {
  const isStatus = (status: unknown) => Number.isInteger(status) && Number(status) >= 100;
  return Array.isArray(value) ? value.every(isStatus) : isFunction(value);
}

function isDuration(value: unknown): value is number {
  return typeof value === "number" && value >= 0;
}

/** An object of fields: no `Headers`, `Request` or `URL`, whose fields are not its own. */
function isPlain(value: unknown): value is object {
  return Object.prototype.toString.call(value) === "[object Object]";
}
