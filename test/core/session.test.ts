import { describe, expect, test } from "vitest";
import { internalsOf } from "../../src/authInternals.js";
import { createSession } from "../../src/core/session/session.js";
import { failure } from "../support/failure.js";
import { bob, signIn } from "../support/people.js";
import { setup } from "../support/setup.js";

describe("a user's key", () => {
  test("is of one user of one Auth", async () => {
    const one = await setup();
    const keys = [internalsOf(one.auth).userKey()];
    await signIn(bob, one.auth, one.server);
    keys.push(internalsOf(one.auth).userKey());
    const other = await setup();
    keys.push(internalsOf(other.auth).userKey());
    await signIn(bob, other.auth, other.server);
    keys.push(internalsOf(other.auth).userKey());
    expect(new Set(keys).size).toBe(keys.length);
  });

  test("keeps a former user's code from the present user's token and profile", async () => {
    const { auth, server } = await setup();
    const { userKey, runAs } = internalsOf(auth);
    const former = userKey();
    await signIn(bob, auth, server);
    const { user } = auth.getState();
    const before = runAs(former);
    const token = failure(auth.getAccessToken());
    expect(() => auth.setUser({ name: "Ada" })).toThrow(
      expect.objectContaining({ code: "session_ended" }),
    );
    runAs(before);
    expect(await token).toMatchObject({ code: "session_ended" });
    expect(auth.getState().user).toBe(user);
  });
});

test("each session of a page has a number of its own", async () => {
  const { auth, events } = await setup();
  await auth.logout();
  await auth.login({ password: "right" });
  const ids = events.flatMap((event) => (event.type === "session-started" ? event.scopeId : []));
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
});

test("after dispose() nobody hears of the session", () => {
  const options = { aheadSeconds: undefined, forgetOnRefusal: false };
  const session = createSession({ options, emit: () => {} });
  const heard: string[] = [];
  session.subscribe(() => heard.push("state"));
  session.onClearUserData(() => heard.push("clear"));
  session.dispose();
  session.end("logout");
  expect(session.getState().status).toBe("unauthenticated");
  expect(heard).toEqual([]);
});

test("the profile of nobody cannot be edited", async () => {
  const { auth } = await setup({ signedIn: false });
  expect(() => auth.setUser({ name: "Ada" })).toThrow(
    expect.objectContaining({ code: "signed_out" }),
  );
});
