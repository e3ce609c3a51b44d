import * as React from "react";
import * as ReactDOM from "react-dom";
import * as named from "react-authed-query";
import { expect, test } from "vitest";
import { peerDependencies } from "../package.json";

test("the React that runs here is the oldest that the package promises", () => {
  const [oldest] = peerDependencies.react.match(/\d+\.\d+\.\d+/) ?? [];
  expect([React.version, ReactDOM.version]).toEqual([oldest, oldest]);
});

test("the package that runs here is the built one", async () => {
  // By a variable, for the types to be checked where nothing is built.
  const index = "../dist/index.js";
  const { createAuth }: typeof named = await import(/* @vite-ignore */ index);
  expect(named.createAuth).toBe(createAuth);
});
