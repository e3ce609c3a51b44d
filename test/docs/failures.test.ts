import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { judgeStatus } from "../../src/core/authServer/authResult.js";
import { answer, drop } from "../support/answers.js";
import { failure } from "../support/failure.js";
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

/** The types of the events that the page lists for what they were. */
function eventsOf(what: string): string[] {
  const row = page.split("\n").find((line) => line.includes(`| ${what}`)) ?? "";
  const named = (row.split("|")[1] ?? "").matchAll(/`([a-z]+-[a-z]+|paused)`/g);
  return Array.from(named, ([, type = ""]) => type);
}

test("the events of an expired token are those of the page, in its order", async () => {
  const { server, auth, events } = await setup();
  server.expireTokens();
  events.length = 0;
  await auth.api.get("/orders");
  expect(events.map(({ type }) => type)).toEqual(eventsOf("An expired token"));
});

test("refreshes that cure nothing show in the events as the page says, one endpoint by `refresh-blocked` alone", async () => {
  const { server, auth, events } = await setup();
  for (const path of ["/orders", "/invoices"]) server.on(path, answer(401));
  await failure(auth.api.get("/orders"));
  expect(page).toContain("for one endpoint the event `refresh-blocked`, and no `error`.");
  expect(events).toContainEqual(expect.objectContaining({ type: "refresh-blocked" }));
  expect(auth.getState().error).toBeNull();

  events.length = 0;
  await failure(auth.api.get("/invoices"));
  const listed = eventsOf("Refreshes that cured nothing");
  expect(events.map(({ type }) => type).filter((type) => listed.includes(type))).toEqual(listed);
  expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
});

test.each([
  ["good", 0, undefined],
  ["expired", 700_000, "unavailable"],
])(
  "without a network, a request with a token that is %s fails as the README says",
  async (_, ms, code) => {
    expect(read("README.md")).toContain(
      "axios' network error; if the token has expired, `cause` `unavailable`",
    );
    const { server, auth, clock } = await setup();
    await clock.advance(ms);
    for (const path of ["/orders", "POST /auth/refresh"]) server.on(path, drop);
    const error = await failure(auth.api.get("/orders"));
    expect(error).not.toHaveProperty("response.status");
    expect(error).toMatchObject({ cause: { code: code ?? "ECONNRESET" } });
    expect(auth.getState().status).toBe("authenticated");
  },
);
