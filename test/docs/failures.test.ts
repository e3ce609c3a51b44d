import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgeStatus } from "../../src/core/authServer/authResult.js";
import { answer } from "../support/answers.js";
import { setup } from "../support/setup.js";

const read = (path: string) => readFileSync(path, "utf8");
const page = read("docs/failures.md");

/** The statuses of the 4xx that a row of the table of answers names; of 403 more is said. */
function statusesOf(code: string): number[] {
  const row = page.split("\n").find((line) => line.includes(`| \`${code}\` `)) ?? "";
  const statuses = [...(row.split("|")[1] ?? "").matchAll(/\b4\d\d\b/g)].map(Number);
  return statuses.filter((status) => status !== 403);
}

const judgedAs = (code: string) =>
  Array.from({ length: 100 }, (_, offset) => 400 + offset).filter(
    (status) => status !== 403 && judgeStatus(status, new Headers(), false) === code,
  );

test.each(["refused", "unavailable"])(
  "the table of answers names all the statuses that are judged `%s`",
  (code) => {
    expect(statusesOf(code)).toEqual(judgedAs(code));
  },
);

test("the table of answers names some of the many that are judged `misconfigured`", () => {
  expect(statusesOf("misconfigured")).toEqual([404, 405]);
  expect(judgedAs("misconfigured")).toEqual(expect.arrayContaining([404, 405]));
});

test.each([
  [404, "unauthenticated", "misconfigured", 1],
  [503, "loading", "unavailable", 2],
])(
  "%i at a restoration ends as the page says: %s with `%s`",
  async (status, ending, code, attempts) => {
    expect(page).toContain(
      "`misconfigured` there ends `unauthenticated` with the `error`, and is not tried again",
    );
    const { server, auth, clock } = await setup({ signedIn: false });
    server.on("POST /auth/refresh", answer(status, {}));
    await auth.ready().catch(() => {});
    expect(auth.getState()).toMatchObject({ status: ending, error: { code } });
    await clock.advance(1500);
    await expect.poll(() => server.received("POST /auth/refresh")).toBe(attempts);
    expect(clock.timers()).toBe(attempts - 1);
  },
);

test("a 403 is a refusal, and with a page it is none", () => {
  const html = new Headers({ "content-type": "text/html" });
  expect(judgeStatus(403, new Headers(), false)).toBe("refused");
  expect(judgeStatus(403, html, false)).toBe("unavailable");
  expect(page).toContain("403 unless it is a page");
  expect(page).toContain("403 with a page");
});

test("the waits are those of the code", () => {
  const constant = (file: string, name: string) => {
    const [, digits = ""] = new RegExp(`const ${name} = ([\\d_]+);`).exec(read(file)) ?? [];
    return Number(digits.replaceAll("_", "")) / 1000;
  };
  const pause = (name: string) => constant("src/core/authServer/backoff.ts", name);
  const vain = (name: string) => constant("src/core/refresh/refreshBreaker.ts", name);
  expect(page).toContain(`Without it ${pause("firstMs")} s, 2 s, 4 s, … ${pause("longestMs")} s`);
  expect(page).toContain(`seconds or a date, ${pause("longestRetryAfterMs") / 60} min at most`);
  const row = `for ${vain("firstMs")} s, doubling to ${vain("longestMs") / 60} min`;
  expect(page).toContain(row);
  expect(read("README.md")).toContain(row);
});
