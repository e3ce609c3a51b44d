import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { createRefreshCookie } from "../../example/server/session/cookie.js";
import { readSessionData } from "../../src/core/authServer/readSession.js";
import { expiryOf } from "../../src/core/token/accessToken.js";
import { pageAt } from "./markdown.js";

// What the pages say in numbers and names, held to the code that they are of.

const contract = pageAt("docs/server-contract.md");

/** The words in code in the paragraph that begins so. */
function namesIn(beginning: string): string[] {
  const paragraph = contract.split("\n").find((line) => line.startsWith(beginning)) ?? "";
  return Array.from(paragraph.matchAll(/`(\w+)`/g), ([, name = ""]) => name);
}

test("the server contract names the fields and envelopes that are read", () => {
  const names = namesIn("**Fields.**");
  const [tokens, lifetimes, envelopes] = [names.slice(0, 5), names.slice(5, 7), names.slice(7, 12)];
  for (const token of tokens) {
    expect(readSessionData({ [token]: "x" })).toMatchObject({ accessToken: "x" });
  }
  for (const lifetime of lifetimes) {
    expect(readSessionData({ [lifetime]: 300 })).toMatchObject({ expiresInSeconds: 300 });
  }
  for (const envelope of envelopes) {
    expect(readSessionData({ [envelope]: { token: "x" } })).toMatchObject({ accessToken: "x" });
  }
  const source = readFileSync("src/core/authServer/readSession.ts", "utf8");
  const known = [...source.matchAll(/^const \w+ = \[(.*)\];/gm)].map(
    ([, list = ""]) => list.split(",").length,
  );
  expect([tokens, lifetimes, envelopes].map(({ length }) => length)).toEqual(known);
});

test("the server contract shows the cookie that the example's server sets", () => {
  const twoWeeks = 14 * 86_400;
  expect(contract).toContain(
    `Set-Cookie: ${createRefreshCookie("refresh", true, twoWeeks).keep("…")}\n`,
  );
});

test("how it works tells from when on a token is refreshed, and from when on requests wait", () => {
  const page = pageAt("docs/how-it-works.md");
  expect(page).toContain(
    "In its last fifth (at most 60 s) a request still goes out with the token",
  );
  expect(page).toContain("In its last twentieth (at most 5 s) a request waits");
  const lastMs = (seconds: number) => {
    const { lifetimeMs = 0, refreshAfterMs = 0, expiresAfterMs = 0 } = expiryOf(seconds) ?? {};
    return [lifetimeMs - refreshAfterMs, lifetimeMs - expiresAfterMs];
  };
  expect(lastMs(60)).toEqual([60_000 / 5, 60_000 / 20]);
  expect(lastMs(3600)).toEqual([60_000, 5000]);
});
