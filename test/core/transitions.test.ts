import { describe, expect, test } from "vitest";
import { loadingState } from "../../src/core/session/authState.js";
import * as transitions from "../../src/core/session/transitions.js";
import type { SessionModel, Transition } from "../../src/core/session/transitions.js";
import { createTokenSet } from "../../src/core/token/tokenSet.js";
import { AuthError } from "../../src/core/vocabulary/errors.js";
import { makeJWT } from "../support/authServer.js";

const rules = { aheadSeconds: undefined, forgetOnRefusal: false };
const forgetful = { ...rules, forgetOnRefusal: true };
const sentAt = { wall: 0, monotonic: 0 };
const refused = new AuthError("refused");
const loading = transitions.initialSession(loadingState);

/** The transition with the session after it. */
function followed<Arguments extends unknown[]>(
  transition: (model: SessionModel, ...given: Arguments) => Transition,
) {
  return (model: SessionModel, ...given: Arguments) => {
    const { state, changes = {}, ...effects } = transition(model, ...given);
    const next = transitions.nextSession(model, { changes, ...(state && { state }) });
    return { next, ...effects };
  };
}

const receiveToken = followed(transitions.receiveToken);
const refuseSession = followed(transitions.refuseSession);
const endSession = followed(transitions.endSession);
const failRefresh = followed(transitions.failRefresh);
const expireToken = followed(transitions.expireToken);
const editUser = followed(transitions.editUser);

function tokenOf(sub: string, isSamePerson = false) {
  const received = { token: makeJWT({ sub }), lifetimeSeconds: 600, user: undefined };
  return { tokenSet: createTokenSet(received, undefined), sentAt, isSamePerson };
}

const signIn = (model: SessionModel, sub = "ada", isSame = false) =>
  receiveToken(model, tokenOf(sub, isSame), rules);
const signedIn = signIn(loading).next;
const suspended = refuseSession(signedIn, refused, rules).next;

describe("a token", () => {
  test("starts a session, and says so", () => {
    const { next, events, ...effects } = signIn(loading);
    expect(next.state).toMatchObject({ status: "authenticated", user: { sub: "ada" } });
    expect(next.token).toMatchObject({ tokenVersion: 1, scope: next.scope, sentAt });
    expect(events?.map(({ type }) => type)).toEqual(["token-received", "session-started"]);
    expect(effects).toEqual({});
  });

  test("of the same person goes on with the session, with the same state", () => {
    const { next, events } = signIn(signedIn, "ada", true);
    expect(next.scope).toBe(signedIn.scope);
    expect(next.state).toBe(signedIn.state);
    expect(next.token?.tokenVersion).toBe(2);
    expect(events?.map(({ type }) => type)).toEqual(["token-received"]);
  });

  test("of another person ends the session and clears the user's data", () => {
    const { next, ended, clearsUserData, logout, events } = signIn(signedIn, "bob");
    expect(next.scope).not.toBe(signedIn.scope);
    expect(next.identity).not.toHaveProperty("custom");
    expect(ended).toEqual([{ scope: signedIn.scope, reason: "switched" }]);
    expect({ clearsUserData, logout }).toEqual({
      clearsUserData: true,
      logout: { reason: "switched" },
    });
    expect(events?.map(({ type }) => type)).toEqual([
      "session-ended",
      "token-received",
      "session-started",
    ]);
  });

  test("of the user whose session was refused ends nothing: the requests on the wire go on", () => {
    const { next, ended, clearsUserData } = signIn(suspended, "ada", true);
    expect(next.suspended).toBeUndefined();
    expect({ ended, clearsUserData }).toEqual({});
    next.scope.abort();
    expect(signedIn.scope.signal.aborted).toBe(true);
  });

  test("of another user after a refusal ends that session, too", () => {
    const { scope } = signIn(loading).next;
    const { ended, clearsUserData, logout } = signIn({ ...suspended, suspended: scope }, "bob");
    expect(ended?.map((each) => each.scope)).toEqual([suspended.scope, scope]);
    expect({ clearsUserData, logout }).toEqual({ clearsUserData: true });
  });
});

describe("a refusal", () => {
  test("suspends the session: the user's data stay, and the error shows", () => {
    const { next, clearsUserData, logout } = refuseSession(signedIn, refused, rules);
    expect(next.state).toMatchObject({
      status: "unauthenticated",
      user: null,
      expiredUser: { sub: "ada" },
      error: refused,
    });
    expect(next.suspended).toBe(signedIn.scope);
    expect({ clearsUserData, logout }).toEqual({
      clearsUserData: false,
      logout: { reason: "refused", error: refused },
    });
  });

  test("leaves nothing where `forgetOnRefusal` says so", () => {
    const { next, clearsUserData } = refuseSession(signedIn, refused, forgetful);
    expect(next.state.expiredUser).toBeNull();
    expect(clearsUserData).toBe(true);
  });

  test("of a visitor is no error and ends no session", () => {
    const { next, logout, events } = refuseSession(loading, refused, rules);
    expect(next.state).toMatchObject({ status: "unauthenticated", error: null });
    expect({ logout, events }).toEqual({});
  });
});

describe("a logout", () => {
  test("ends the session, counts, and leaves no identity", () => {
    const { next, ended, clearsUserData } = endSession(signedIn, "logout", rules);
    expect(next).toMatchObject({ token: null, identity: undefined, logouts: 1 });
    expect(ended).toEqual([{ scope: signedIn.scope, reason: "logout" }]);
    expect(clearsUserData).toBe(true);
  });

  test("while loading clears what a server may have rendered, and ends no session", () => {
    const { clearsUserData, logout } = endSession(loading, "logout", rules);
    expect({ clearsUserData, logout }).toEqual({ clearsUserData: true });
  });

  test("a switch is none: a login asked for before it still counts", () => {
    expect(endSession(signedIn, "switched", rules).next.logouts).toBe(0);
  });
});

describe("a failed refresh", () => {
  const unavailable = new AuthError("unavailable");

  test("shows its error, and the session stays", () => {
    const { next } = failRefresh(signedIn, unavailable);
    expect(next.state).toMatchObject({ status: "authenticated", error: unavailable });
    expect(failRefresh(next, null).next.state.error).toBeNull();
  });

  test.each([
    ["unavailable", "loading"],
    ["misconfigured", "unauthenticated"],
  ] as const)("%s while loading: %s", (code, status) => {
    expect(failRefresh(loading, new AuthError(code)).next.state.status).toBe(status);
  });
});

test("an expired token stays the session's, and is never fresh", () => {
  const { token } = expireToken(signedIn).next;
  expect(token).toMatchObject({ scope: signedIn.scope, expiry: { expiresAfterMs: 0 } });
  expect(expireToken(loading).next.token).toBeNull();
});

describe("an edited profile", () => {
  // The app registers the type of its user.
  const named = (user: object) => user as Parameters<typeof editUser>[1];

  test("is shown; the same content keeps its reference", () => {
    const edited = editUser(signedIn, named({ sub: "ada", name: "Ada" }), undefined).next;
    expect(edited.state.user).toEqual({ sub: "ada", name: "Ada" });
    const again = editUser(edited, named({ name: "Ada", sub: "ada" }), undefined).next;
    expect(again.state).toBe(edited.state);
  });

  test("of another user, or of nobody, is refused", () => {
    expect(() => editUser(signedIn, named({ sub: "bob" }), undefined)).toThrow(TypeError);
    expect(() => editUser(loading, named({ sub: "ada" }), undefined)).toThrow(AuthError);
  });
});
