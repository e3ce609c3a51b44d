import axios from "axios";
import { AuthProvider, createAuth, type CreateAuthOptions } from "react-authed-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
});

const endpoint = "must be a URL as text, a request `{ url, … }`, or a function";
const seconds = "must be a number of seconds, 0 or more";
const headerName = "must be the name of a header (RFC 9110 §5.6.2)";
const notAnOrigin = "is not an origin. Write it exactly, as";

/** What no type would let through, but JavaScript, a JSON file or an environment variable does. */
const wrong: [options: unknown, name: string, remedy: string][] = [
  [{ baseURL: 5 }, "`baseURL`", "must be a URL as text"],
  [{ baseURL: null }, "`baseURL`", "must be a URL as text"],
  [{ baseURL: new URL("https://a.example") }, "`baseURL`", "must be a URL as text"],
  [{ baseURL: "localhost:3000/api" }, "`baseURL`", 'in full "https://api.example.com"'],
  [{ baseURL: "127.0.0.1:3000" }, "`baseURL`", 'in full "https://api.example.com"'],
  [{ baseURL: "http:/localhost" }, "`baseURL`", 'in full "https://api.example.com"'],
  [{ baseURL: "https://" }, "`baseURL`", 'in full "https://api.example.com"'],

  [{ axios: {} }, "`axios`", "must be what axios.create() returns"],
  [{ axios: "api" }, "`axios`", "must be what axios.create() returns"],
  [{ axios: null }, "`axios`", "must be what axios.create() returns"],
  [{ axios: () => {} }, "`axios`", "must be what axios.create() returns"],
  [{ axios: { defaults: {} } }, "`axios`", "must be what axios.create() returns"],
  [{ axios: { interceptors: {} } }, "`axios`", "must be what axios.create() returns"],
  [{ axios }, "`axios`", "is the global one, which the whole page uses. Pass axios.create()"],

  [{ login: 5 }, "`login`", endpoint],
  [{ login: "" }, "`login`", endpoint],
  [{ login: false }, "`login`", endpoint],
  [{ login: new URL("https://a.example") }, "`login`", endpoint],
  [{ login: { path: "/x" } }, "`login.path`", "there are url, method, headers, body, sendToken"],
  [{ refresh: null }, "`refresh`", endpoint],
  [{ refresh: false }, "`refresh`", "if there is none, `() => new Response("],
  [{ refresh: ["/x"] }, "`refresh`", endpoint],
  [{ refresh: new Request("https://a.example") }, "`refresh`", endpoint],
  [{ refresh: {} }, "`refresh.url`", "must be a URL as text"],
  [{ refresh: { url: 5 } }, "`refresh.url`", "must be a URL as text"],
  [{ refresh: { url: "" } }, "`refresh.url`", "must be a URL as text"],
  [{ refresh: { url: "/x", sendtoken: true } }, "`refresh.sendtoken`", "mean `sendToken`?"],
  [{ refresh: { url: "/x", sendToken: "yes" } }, "`refresh.sendToken`", "must be true or false"],
  [{ refresh: { url: "/x", method: 5 } }, "`refresh.method`", "must be the name of a method"],
  [{ refresh: { url: "/x", method: "" } }, "`refresh.method`", "must be the name of a method"],
  [{ refresh: { url: "/x", headers: "a: b" } }, "`refresh.headers`", "must be an object of texts"],
  [
    { refresh: { url: "/x", headers: new Headers({ a: "b" }) } },
    "`refresh.headers`",
    "must be an object of texts by header name",
  ],
  [{ logout: { url: "/x", headers: { "X Y": "z" } } }, "`logout.headers`", "by header name"],
  [{ logout: { url: "/x", headers: { a: undefined } } }, "`logout.headers`", "an object of texts"],
  [{ logout: true }, "`logout`", "or false if there is none"],
  [{ logout: "" }, "`logout`", "or false if there is none"],
  [{ logout: { url: 5 } }, "`logout.url`", "must be a URL as text"],

  [{ readSession: "token" }, "`readSession`", "must be a function"],
  [{ identify: "sub" }, "`identify`", "must be a function"],
  [{ isRefused: [403] }, "`isRefused`", "must be a function"],
  [{ fetch: {} }, "`fetch`", "must be a function"],
  [{ onLogout: "/login" }, "`onLogout`", "must be a function"],
  [{ onEvent: true }, "`onEvent`", "must be a function"],

  [{ refreshOn: 401 }, "`refreshOn`", "must be an array of statuses, such as [401, 403]"],
  [{ refreshOn: ["401"] }, "`refreshOn`", "must be an array of statuses, such as [401, 403]"],
  [{ refreshOn: [4] }, "`refreshOn`", "must be an array of statuses, such as [401, 403]"],
  [{ refreshOn: [401.5] }, "`refreshOn`", "must be an array of statuses, such as [401, 403]"],

  [{ refreshAhead: -5 }, "`refreshAhead`", seconds],
  [{ refreshAhead: Number.NaN }, "`refreshAhead`", seconds],
  [{ refreshAhead: "30" }, "`refreshAhead`", "or `{ seconds, background }`"],
  [{ refreshAhead: null }, "`refreshAhead`", seconds],
  [{ refreshAhead: true }, "`refreshAhead`", seconds],
  [{ refreshAhead: { seconds: "30" } }, "`refreshAhead.seconds`", seconds],
  [{ refreshAhead: { seconds: -30 } }, "`refreshAhead.seconds`", seconds],
  [{ refreshAhead: { second: 30 } }, "`refreshAhead.second`", "did you mean `seconds`?"],
  [{ refreshAhead: { background: "yes" } }, "`refreshAhead.background`", "must be true or false"],

  [{ refreshTimeoutMs: -1 }, "`refreshTimeoutMs`", "must be a positive number of milliseconds"],
  [{ refreshTimeoutMs: 0 }, "`refreshTimeoutMs`", "must be a positive number of milliseconds"],
  [{ refreshTimeoutMs: "10000" }, "`refreshTimeoutMs`", "must be a positive number of millisec"],
  [{ refreshTimeoutMs: Number.NaN }, "`refreshTimeoutMs`", "must be a positive number of millis"],

  [{ allowedOrigins: "https://a.example" }, "`allowedOrigins`", "must be an array of origins"],
  [{ allowedOrigins: [undefined] }, "`allowedOrigins`", "must be an array of origins as text"],
  [{ allowedOrigins: [new URL("https://a.example")] }, "`allowedOrigins`", "origins as text"],
  [{ allowedOrigins: ["https://a.example/"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["https://a.example/v1"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["HTTPS://A.example"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["https://*.example"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["*"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["null"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["data:text/html,x"] }, "allowedOrigins", notAnOrigin],
  [{ allowedOrigins: ["https://a.example/$&"] }, "https://a.example/$&", notAnOrigin],

  [{ csrf: "x" }, "`csrf`", "must be `{ cookie, header }`"],
  [{ csrf: false }, "`csrf`", "must be `{ cookie, header }`"],
  [{ csrf: { header: "X-CSRF" } }, "`csrf.cookie`", "must be the name of the cookie"],
  [{ csrf: { cookie: "", header: "X-CSRF" } }, "`csrf.cookie`", "must be the name of the cookie"],
  [{ csrf: { cookie: "x" } }, "`csrf.header`", headerName],
  [{ csrf: { cookie: "x", header: undefined } }, "`csrf.header`", headerName],
  [{ csrf: { cookie: "x", header: "X CSRF" } }, "`csrf.header`", headerName],
  [{ csrf: { cookie: "x", headerName: "X-CSRF" } }, "`csrf.headerName`", "mean `header`?"],

  [{ header: "" }, "`header`", headerName],
  [{ header: "X Auth" }, "`header`", headerName],
  [{ header: "X-Auth:" }, "`header`", headerName],
  [{ header: null }, "`header`", headerName],
  [{ scheme: "Bearer " }, "`scheme`", 'must be one word without spaces, such as "Bearer", or ""'],
  [{ scheme: "Bearer\n" }, "`scheme`", "must be one word without spaces"],
  [{ scheme: "JWT\u2014" }, "`scheme`", "must be one word without spaces"],
  [{ scheme: null }, "`scheme`", "must be one word without spaces"],

  [{ restore: false }, "`restore`", 'must be "always", "hint" or "never"'],
  [{ restore: "sometimes" }, "`restore`", 'must be "always", "hint" or "never"'],

  [{ tabs: true }, "`tabs`", "must be `{ name, shareToken }`, or false"],
  [{ tabs: "admin" }, "`tabs`", "must be `{ name, shareToken }`, or false"],
  [{ tabs: null }, "`tabs`", "must be `{ name, shareToken }`, or false"],
  [{ tabs: { shareTokens: false } }, "`tabs.shareTokens`", "did you mean `shareToken`?"],
  [{ tabs: { shareToken: "false" } }, "`tabs.shareToken`", "must be true or false"],
  [{ tabs: { name: 5 } }, "`tabs.name`", "must be a text"],

  [{ forgetOnRefusal: "true" }, "`forgetOnRefusal`", "must be true or false"],

  [{ baseUrl: "/api" }, "`baseUrl`", "is not an option; did you mean `baseURL`?"],
  [{ BASEURL: "/api" }, "`BASEURL`", "is not an option; did you mean `baseURL`?"],
  [{ refreshUrl: "/x" }, "`refreshUrl`", "is not an option; did you mean `refresh`?"],
  [{ timeoutMs: 5 }, "`timeoutMs`", "is not an option; did you mean `refreshTimeoutMs`?"],
  [{ storage: "local" }, "`storage`", "is not an option; there are baseURL, axios, login, "],
  [{ constructor: 1 }, "`constructor`", "is not an option; there are baseURL, axios, login, "],
  ["/api", "`0`", "is not an option; there are baseURL, axios, login, "],
];

describe("a wrong option is refused at once, with its name and the remedy", () => {
  test.each(wrong)("%o: %s %s", (options, name, remedy) => {
    const create = () => createAuth(options as CreateAuthOptions);
    expect(create).toThrow(TypeError);
    expect(create).toThrow(name);
    expect(create).toThrow(remedy);
  });

  test("and not with its value, which may be a secret", () => {
    const create = () => createAuth({ header: "my secret" });
    expect(create).not.toThrow("secret");
  });
});

const headers = { "X-Client": "web" };

const legal: CreateAuthOptions[] = [
  {},
  { baseURL: "" },
  { baseURL: "/" },
  { baseURL: "api/v1" },
  { baseURL: "../api" },
  { baseURL: "//api.example.com:8443" },
  { baseURL: "https://api.example.com/v1/" },
  { baseURL: "http://localhost:3000/api" },
  { axios: axios.create() },
  { login: "/sign-in", refresh: "https://id.example.com/token", logout: "sign-out" },
  { login: () => ({}), refresh: async () => ({}), logout: () => ({}) },
  { logout: false },
  { login: { url: "/sign-in", method: "PUT", headers, body: { mode: "cookie" } } },
  { refresh: { url: "/token", method: "GET", sendToken: true } },
  { logout: { url: "/session", method: "DELETE", sendToken: false } },
  { readSession: () => null, identify: () => undefined, isRefused: () => undefined },
  { refreshOn: [401, 403, 419] },
  { refreshOn: [] },
  { refreshOn: ({ status }) => status === 403 },
  { refreshAhead: 0 },
  { refreshAhead: 30 },
  { refreshAhead: Infinity },
  { refreshAhead: {} },
  { refreshAhead: { seconds: 0.5 } },
  { refreshAhead: { background: true } },
  { refreshTimeoutMs: 1 },
  { refreshTimeoutMs: Infinity },
  { fetch: (input, init) => fetch(input, init) },
  { allowedOrigins: [] },
  { allowedOrigins: ["https://files.example.com", "http://localhost:3000"] },
  { csrf: { cookie: "XSRF-TOKEN", header: "X-XSRF-TOKEN" } },
  { header: "X-Auth", scheme: "" },
  { scheme: "Token" },
  { restore: "always" },
  { restore: "hint" },
  { restore: "never" },
  { tabs: false },
  { tabs: {} },
  { tabs: { name: "admin", shareToken: false } },
  { forgetOnRefusal: true },
  { onLogout: () => {}, onEvent: () => {} },
];

describe("a right one is taken", () => {
  test.each(legal)("%o", (options) => {
    expect(() => createAuth(options).dispose()).not.toThrow();
  });

  test.each([
    { baseURL: undefined, axios: undefined, login: undefined, tabs: undefined },
    { refresh: { url: "/token", method: undefined, sendToken: undefined } },
    { refreshAhead: { seconds: undefined, background: undefined } },
    { tabs: { name: undefined, shareToken: undefined } },
    { unknown: undefined },
  ])("%o: undefined is not given", (options) => {
    // Without `exactOptionalPropertyTypes` an app's types let this through.
    expect(() => createAuth(options as CreateAuthOptions).dispose()).not.toThrow();
  });
});

describe("what <AuthProvider> is given as `auth`", () => {
  test("must come from createAuth()", () => {
    const copy = { ...createAuth() };
    const render = () => renderToString(createElement(AuthProvider, { auth: copy }));
    expect(render).toThrow("takes what createAuth() returned");
  });
});

describe("in a production bundle", () => {
  test("errors say their code, and misuse its word, without the sentences", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const auth = createAuth({ login: () => ({}) });
    await expect(auth.login({})).rejects.toThrow(/^login_failed$/);
    expect(() => createAuth({ allowedOrigins: ["*"] })).toThrow(/^not_an_origin$/);
  });
});
