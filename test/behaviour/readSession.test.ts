import { describe, expect, test } from "vitest";
import { answer } from "../support/answers.js";
import { makeJWT } from "../support/authServer.js";
import { failure } from "../support/failure.js";
import { setup } from "../support/setup.js";

const token = makeJWT({ sub: "u1" });
const names = ["accessToken", "access_token", "access", "token", "jwt", "refreshedToken"];
const envelopes = ["data", "session", "tokens", "result"];

describe("the default readSession finds", () => {
  test.each(envelopes.flatMap((envelope) => names.map((name) => [envelope, name])))(
    "the token in %s.%s",
    async (envelope, name) => {
      const { auth } = await setup({ login: () => ({ [envelope]: { [name]: token } }) });
      expect(await auth.getAccessToken()).toBe(token);
    },
  );

  test("the user beside the token, in an envelope too", async () => {
    const { auth } = await setup({ login: () => ({ data: { token, user: { id: 1 } } }) });
    expect(auth.getState().user).toEqual({ id: 1 });
  });

  test("the user at the top, though the token is in an envelope", async () => {
    const { auth } = await setup({ login: () => ({ user: { id: 1 }, tokens: { access: token } }) });
    expect(auth.getState().user).toEqual({ id: 1 });
  });

  test.each([
    ["with its scheme", `Bearer ${token}`],
    ["with its scheme and more than a space", `Bearer  ${token}`],
    ["alone", token],
  ])("the token in the Authorization response header, %s", async (_, authorization) => {
    const { server, auth } = await setup({ signedIn: false });
    server.on("POST /auth/login", answer(200, { ok: true }, { authorization }));
    await auth.login({});
    expect(await auth.getAccessToken()).toBe(token);
  });

  test.each([{ expires_in: 100 }, { expiresIn: "100" }, { data: { expires_in: 100 } }])(
    "a lifetime in seconds in %j",
    async (lifetime) => {
      const { events } = await setup({ login: () => ({ token: "opaque", ...lifetime }) });
      expect(events[0]).toMatchObject({ type: "token-received", lifetimeMs: 100_000 });
    },
  );

  test.each([
    { expires_in: 0, expiresIn: 100 },
    { expires_in: "soon", access_token_expires_in: 100 },
    { expires_in: 0, data: { expires_in: 100 } },
  ])("the lifetime behind one that is none in %j", async (lifetime) => {
    const { events } = await setup({ login: () => ({ token: "opaque", ...lifetime }) });
    expect(events[0]).toMatchObject({ type: "token-received", lifetimeMs: 100_000 });
  });

  test.each([{ expires_in: 0 }, { expires_in: -1 }, { expires_in: "soon" }, { expires_in: null }])(
    "no lifetime in %j",
    async (lifetime) => {
      const { events } = await setup({ login: () => ({ token: "opaque", ...lifetime }) });
      expect(events[0]).toMatchObject({ type: "token-received", tokenVersion: 1 });
      expect(events[0]).not.toHaveProperty("lifetimeMs");
    },
  );

  test.each([{ token: 5 }, { user: { token } }, { refresh_token: token }, [token], "token", null])(
    "no session in %j",
    async (body) => {
      const { auth } = await setup({ signedIn: false, login: () => body });
      const error = await failure(auth.login({}));
      expect(error).toMatchObject({ code: "login_failed" });
    },
  );
});

describe("an app's own readSession", () => {
  test("is given the parsed body and the response", async () => {
    const { auth } = await setup({
      readSession: (data, response) => ({
        accessToken: (data as { accessToken: string }).accessToken,
        user: { id: response?.status },
      }),
    });
    expect(auth.getState().user).toEqual({ id: 200 });
  });

  test("that finds none ends a refresh refused and a login `login_failed`", async () => {
    let isBlind = false;
    const { auth, logouts } = await setup({
      readSession: (data) => (isBlind ? null : (data as { accessToken: string })),
    });
    isBlind = true;
    expect(await failure(auth.login({ password: "right" }))).toMatchObject({
      code: "login_failed",
    });
    expect(await auth.getAccessToken({ forceRefresh: true })).toBeNull();
    expect(logouts).toEqual(["refused"]);
  });

  test("is not asked about the answer to a logout", async () => {
    let asked = 0;
    const { auth } = await setup({
      readSession: (data) => {
        asked += 1;
        return data as { accessToken: string };
      },
    });
    await auth.logout();
    expect(asked).toBe(1);
  });

  test("may be asynchronous", async () => {
    const { auth } = await setup({
      readSession: async (data) => ({ ...(data as { accessToken: string }), user: { id: 1 } }),
    });
    expect(auth.getState().user).toEqual({ id: 1 });
  });
});

describe("the default readSession", () => {
  test.each([
    { accessToken: token },
    { access_token: token },
    { access: token },
    { token },
    { jwt: token },
    { refreshedToken: token },
    { data: { access_token: token } },
    { session: { accessToken: token } },
    { tokens: { access: token } },
    { result: { token } },
  ])("finds the token in %j", async (body) => {
    const { auth } = await setup({ login: () => body });
    expect(await auth.getAccessToken()).toBe(token);
  });

  test("finds it in the Authorization response header", async () => {
    const { auth } = await setup({
      login: () => new Response("{}", { headers: { authorization: `Bearer ${token}` } }),
    });
    expect(await auth.getAccessToken()).toBe(token);
  });
});
