import { describe, expect, test } from "vitest";
import type { AuthStatus } from "../../src/core/session/authState.js";
import { meaningOf } from "../../src/core/tabs/recordMeaning.js";
import { hashIdentity, type SessionRecord } from "../../src/core/tabs/sessionRecord.js";

const ada = { "user.id": "ada" };
const bob = { "user.id": "bob" };

function meaning(
  change: Partial<SessionRecord>,
  status: AuthStatus = "authenticated",
  who: Readonly<Record<string, string>> = ada,
) {
  const { sessionId = "next" } = change;
  const identityHash = hashIdentity(who, sessionId);
  const record = { revision: 2, sessionId, status: "signed-in", identityHash, ...change } as const;
  return meaningOf(record, "before", status === "authenticated" ? ada : undefined, status);
}

describe("another tab's record means", () => {
  test.each([
    ["the end of the session", { status: "refused" }, "authenticated", "refused"],
    ["nothing where nobody is signed in", { status: "refused" }, "unauthenticated", "nothing"],
    ["a logout", { status: "logout-pending" }, "authenticated", "signed out"],
    [
      "no other logout where it says what became of one",
      { status: "logout-confirmed", sessionId: "before" },
      "unauthenticated",
      "nothing",
    ],
    ["nothing while the session is being restored", {}, "loading", "nothing"],
    ["a login", {}, "unauthenticated", "same person"],
    ["that the same session goes on", { sessionId: "before" }, "authenticated", "same person"],
    ["a login of the same person", {}, "authenticated", "same person"],
    [
      "another person where the tab of the login says so",
      { endedSessionId: "before" },
      "authenticated",
      "other person",
    ],
  ] as const)("%s", (_, change, status, expected) => {
    expect(meaning(change, status)).toBe(expected);
  });

  test("another person where the identities differ", () => {
    expect(meaning({}, "authenticated", bob)).toBe("other person");
    expect(meaning({ status: "refused" }, "authenticated", bob)).toBe("other person refused");
  });
});
