import {
  createTestAuth,
  reply,
  type TestAuth,
  type TestAuthOptions,
} from "react-authed-query/testing";
import { expect, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { ada, alert, answers, press, renderShop } from "./shop.js";

// Mistakes that the types refuse as well: a test may be JavaScript.
const wrong = (options: object) => options as TestAuthOptions;

test.each<[string, () => unknown, RegExp]>([
  [
    "a status that is none",
    () => createTestAuth(wrong({ status: "signed-in" })),
    /^createTestAuth: `status` is "loading", "authenticated" or "unauthenticated"\.$/,
  ],
  [
    "nobody to be signed in",
    () => createTestAuth({ status: "authenticated" }),
    /^createTestAuth: `user` says who is signed in: \{ user: \{ id: "u1", name: "Ada" \} \}\.$/,
  ],
  ["a user that is no object", () => createTestAuth(wrong({ user: "ada" })), /`user` says who/],
  ["a user that is null", () => createTestAuth(wrong({ user: null })), /`user` says who/],
  [
    "answers that are none",
    () => createTestAuth(wrong({ answers: "msw" })),
    /`answers` is an object, .*or "network"/,
  ],
  [
    "answers that are null",
    () => createTestAuth(wrong({ answers: null })),
    /`answers` is an object/,
  ],
  [
    "an option that the kit scripts",
    () => createTestAuth(wrong({ refresh: "/token" })),
    /`refresh` is scripted here. What the server says is in `answers`: \{ "POST \/auth\/refresh": 503 \}/,
  ],
  [
    "a tab of nothing",
    () => createTestAuth(wrong({ tabOf: {} })),
    /`tabOf` takes what createTestAuth\(\) returned/,
  ],
  [
    "a tab with a user of its own",
    () => createTestAuth({ tabOf: createTestAuth({ user: ada }), user: ada }),
    /has the user and answers of that. Leave the others out/,
  ],
  [
    "a key without a method",
    () => createTestAuth({ answers: { "/orders": [] } }),
    /^"\/orders" names no request. Write method and path, as "GET \/orders"; a space is %20\.$/,
  ],
  [
    "a key without a slash",
    () => createTestAuth().test.answer("GET orders", []),
    /^"GET orders" names no request/,
  ],
  [
    "a key with a space in its path",
    () => createTestAuth({ answers: { "GET /a b": [] } }),
    /^"GET \/a b" names no request.*; a space is %20\.$/,
  ],
  [
    "a number that is no status",
    () => createTestAuth({ answers: { "GET /count": 7 } }),
    /^7 is no status from 200 to 599. Where a number is the body, write reply\(200, 7\)\.$/,
  ],
  ["a reply whose status is none", () => reply(42), /^42 is no status/],
  [
    "a body where the status has none",
    () => reply(204, "boots"),
    /^An answer with status 204 has no body. Leave it out, as in reply\(204\), or write reply\(200, …\)\.$/,
  ],
  ["a `null` where the status has no body", () => reply(304, null), /^An answer with status 304/],
  [
    "to expire the token of nobody",
    () => createTestAuth().test.expireToken(),
    /^expireToken\(\): nobody is signed in. Start with createTestAuth\(\{ user: … \}\), or call switchTo\(user\)\.$/,
  ],
  ["to refuse nobody", () => createTestAuth().test.refuse(), /^refuse\(\): nobody is signed in/],
])("%s is refused at once, with the remedy", (_, mistake, remedy) => {
  expect(mistake).toThrow(remedy);
});

test("a login where nobody is there to sign in says what is missing", async () => {
  expectWarning(/nobody is there to sign in/);
  const auth = createTestAuth({ answers });
  await renderShop(auth);
  await press("Sign in", auth);
  expect(alert()).not.toBe("");
});

test("what an answer's own code throws is shown in the console, too", async () => {
  expectWarning(/no such ride/);
  const auth: TestAuth = createTestAuth({
    user: ada,
    answers: {
      "GET /orders": () => {
        throw new Error("no such ride");
      },
    },
  });
  await renderShop(auth);
  expect(alert()).toBe("no such ride");
});
