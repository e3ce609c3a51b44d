import { describe, expect, test } from "vitest";
import { internalsOf } from "../../src/authInternals.js";
import { signIn } from "../support/people.js";
import { setup, type Setup } from "../support/setup.js";

const ada = { sub: "u1", name: "Ada" };
const bob = { sub: "u2", name: "Bob" };

type Step = (made: Setup) => Promise<unknown>;
const steps = {
  "ada signs in": ({ auth, server }) => signIn(ada, auth, server),
  "bob signs in": ({ auth, server }) => signIn(bob, auth, server),
  "someone signs out": ({ auth }) => auth.logout(),
  "the page is ready": ({ auth }) => auth.ready(),
  async "the session is refused"({ auth, server }) {
    server.revokeSession();
    await auth.getAccessToken({ forceRefresh: true });
  },
} satisfies Record<string, Step>;
type Name = keyof typeof steps;

/** How often a user's data went in the last of these steps, and whether another may sit here since. */
async function lastOf(names: readonly Name[], forgetOnRefusal = false) {
  const made = await setup({ signedIn: false, forgetOnRefusal });
  const forgetting = internalsOf(made.auth);
  let count = 0;
  let person = forgetting.userKey();
  forgetting.onClearUserData(() => (count += 1));
  for (const name of names) {
    count = 0;
    person = forgetting.userKey();
    await steps[name](made);
  }
  return { count, isAnother: forgetting.userKey() !== person };
}

describe("a user's data goes", () => {
  test.each<Name[][]>([
    [["ada signs in", "someone signs out"]],
    [["someone signs out"]],
    [["ada signs in", "bob signs in"]],
    [["ada signs in", "the session is refused", "bob signs in"]],
    [["ada signs in", "the session is refused", "someone signs out"]],
  ])("once when %j", async (names) => {
    expect(await lastOf(names)).toEqual({ count: 1, isAnother: true });
  });

  test("once when a session is refused, where `forgetOnRefusal` says so", async () => {
    const names: Name[] = ["ada signs in", "the session is refused"];
    expect(await lastOf(names, true)).toEqual({ count: 1, isAnother: true });
  });
});

describe("a user's data stays", () => {
  test.each<Name[][]>([
    [["the page is ready"]],
    [["ada signs in"]],
    [["the page is ready", "ada signs in"]],
    [["the page is ready", "someone signs out"]],
    [["ada signs in", "ada signs in"]],
    [["ada signs in", "the session is refused"]],
    [["ada signs in", "the session is refused", "ada signs in"]],
    [["ada signs in", "someone signs out", "bob signs in"]],
    [["ada signs in", "someone signs out", "someone signs out"]],
  ])("when %j", async (names) => {
    expect(await lastOf(names)).toEqual({ count: 0, isAnother: false });
  });

  test.each<Name[][]>([
    [["ada signs in", "the session is refused", "bob signs in"]],
    [["ada signs in", "the session is refused", "someone signs out"]],
  ])("where it has gone already, with `forgetOnRefusal`: %j", async (names) => {
    expect(await lastOf(names, true)).toEqual({ count: 0, isAnother: false });
  });
});
