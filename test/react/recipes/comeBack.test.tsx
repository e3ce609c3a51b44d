import { expect, test } from "vitest";
import { comeBackTo, loginPath } from "../../../example/recipes/comeBack.js";

test.each([
  { pathname: "/orders", search: "?page=2&sort=a b", hash: "#row-7" },
  { pathname: "/", search: "", hash: "" },
])("the login leads back to the place, with query and hash: %o", (place) => {
  const next = new URL(loginPath(place), window.location.origin).searchParams.get("next");
  expect(decodeURI(comeBackTo(next))).toBe(place.pathname + place.search + place.hash);
});

test.each([
  null,
  "https://evil.example/orders",
  "//evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "javascript:alert(1)",
  "data:text/html,hello",
  "http://",
  `${window.location.origin}@evil.example`,
])("%s leads nowhere but home", (next) => {
  expect(comeBackTo(next)).toBe("/");
});

test.each(["/.//evil.example", "/..//evil.example", "/x/../..//evil.example"])(
  "%s stays in the app",
  (next) => {
    expect(comeBackTo(next)).toBe("/evil.example");
  },
);
