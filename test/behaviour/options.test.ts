import { AuthProvider, createAuth, type CreateAuthOptions } from "react-authed-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.unstubAllEnvs();
});

describe("a wrong option", () => {
  test.each([
    [{ refreshTimeoutMs: -1 }, "`refreshTimeoutMs` must be a positive number of milliseconds"],
    [{ baseUrl: "/api" }, "`baseUrl` is not an option"],
    [{ baseURL: 5 }, "`baseURL` must be a string"],
    [{ readSession: "token" }, "`readSession` must be a function"],
    [{ login: 5 }, "`login` must be a URL"],
    [{ logout: true }, "`logout` must be a URL"],
    [{ restore: "sometimes" }, '`restore` must be "always", "hint" or "never"'],
    [{ refreshOn: 401 }, "`refreshOn` must be an array of statuses"],
    [{ refreshAhead: -5 }, "`refreshAhead` must be a positive number of seconds"],
    [{ allowedOrigins: "https://a.b" }, "`allowedOrigins` must be an array of origins"],
    [{ csrf: "x" }, "`csrf` must be `{ cookie, header }`"],
    [{ constructor: 1 }, "`constructor` is not an option"],
  ])("%o throws and says the remedy", (options, sentence) => {
    expect(() => createAuth(options as CreateAuthOptions)).toThrow(sentence);
  });

  test("that is undefined is one that is not given", () => {
    const options = { baseURL: undefined, login: undefined } as unknown as CreateAuthOptions;
    expect(() => createAuth(options)).not.toThrow();
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
