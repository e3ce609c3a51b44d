import { describe, expect, test } from "vitest";
import {
  hashIdentity,
  isOtherPerson,
  type SessionRecord,
} from "../../src/core/tabs/sessionRecord.js";

const ada = { "user.id": "ada" };
const bob = { "user.id": "bob" };

function recordOf(who: Readonly<Record<string, string>>, change: Partial<SessionRecord> = {}) {
  const { sessionId = "next" } = change;
  const identityHash = hashIdentity(who, sessionId);
  return { revision: 2, sessionId, status: "signed-in", identityHash, ...change } as const;
}

describe("another tab's record is another person's", () => {
  test("where the identities differ", () => {
    expect(isOtherPerson(recordOf(bob), "before", ada)).toBe(true);
    expect(isOtherPerson(recordOf(ada), "before", ada)).toBe(false);
  });

  test("where nothing tells that it is the same person", () => {
    expect(isOtherPerson(recordOf({}), "before", ada)).toBe(true);
  });

  test("where the tab of the login says so", () => {
    expect(isOtherPerson(recordOf(ada, { endedSessionId: "before" }), "before", ada)).toBe(true);
  });

  test("never where that tab has kept the id", () => {
    expect(isOtherPerson(recordOf(bob, { sessionId: "before" }), "before", ada)).toBe(false);
  });

  test("never where nobody is signed in here", () => {
    expect(isOtherPerson(recordOf(bob), "before", undefined)).toBe(false);
  });
});
