import * as query from "@tanstack/react-query";
import axios from "axios";
import * as React from "react";
import * as ReactDOM from "react-dom";
import * as named from "react-authed-query";
import { expect, test } from "vitest";
import { peerDependencies } from "../package.json";
import { dependencies } from "./oldestPeers/package.json";

test("the peers installed for these tests are the oldest that the package promises", () => {
  const oldest = Object.entries(peerDependencies).map(([name, range]) => [
    name,
    /\d+\.\d+\.\d+/.exec(range)?.[0],
  ]);
  expect(dependencies).toMatchObject(Object.fromEntries(oldest));
});

test("they are what runs here", async () => {
  expect([React.version, ReactDOM.version]).toEqual([dependencies.react, dependencies.react]);
  expect(axios.VERSION).toBe(dependencies.axios);
  // By a variable, for the types to be checked where nothing is installed.
  const index = "./oldestPeers/node_modules/@tanstack/react-query/build/modern/index.js";
  const { QueryClient }: typeof query = await import(/* @vite-ignore */ index);
  expect(query.QueryClient).toBe(QueryClient);
});

test("the package that runs here is the built one", async () => {
  const index = "../dist/index.js";
  const { createAuth }: typeof named = await import(/* @vite-ignore */ index);
  expect(named.createAuth).toBe(createAuth);
});
