import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { codeBlocksOf, pageAt } from "./markdown.js";

const read = (path: string) => readFileSync(path, "utf8");
const readme = pageAt("README.md");
const costs = pageAt("docs/is-this-for-you.md");

test.each(["README.md", "docs/quick-start.md"])("%s shows all of the quick start", (path) => {
  const shown = codeBlocksOf(pageAt(path)).map(({ origin }) => origin);
  const files = ["auth.ts", "App.tsx", "main.tsx", "vite.config.ts"];
  expect(shown).toEqual(expect.arrayContaining(files.map((name) => `example/quickStart/${name}`)));
});

test("the README's sizes are the limits that `npm run size` holds", () => {
  // The file is ours, and size-limit checks its shape.
  const { "size-limit": limits } = JSON.parse(read("package.json")) as {
    "size-limit": { limit: string }[];
  };
  const [all, createAuth, testing] = limits.map(({ limit }) => limit);
  expect(readme).toContain(
    `everything at most ${all}, \`createAuth\` alone at most ${createAuth}, \`/testing\` at most ${testing} more`,
  );
});

test("the bars of the page are those that `npm run bench` holds", () => {
  const bars = read("scripts/bench/run.mjs");
  const bar = (what: string) => new RegExp(`"${what}": ([\\d.]+)`).exec(bars)?.[1];
  expect(costs).toContain(
    `at most ${bar("axios: plain path")} of bare axios, ${bar("axios: with an event listener")} where \`onEvent\` listens; \`auth.fetch\` at most ${bar("auth.fetch: GET")} of`,
  );
  expect(costs).toContain(
    `at most ${bar("heap of a request that waits")} of the memory and ${bar("storm of 10 000, wall time")} of the time`,
  );
});

test("the documents name the oldest peers that the package takes", () => {
  const { peerDependencies } = JSON.parse(read("package.json")) as {
    peerDependencies: Record<string, string>;
  };
  const oldest = (peer: string) => /\d+\.\d+/.exec(peerDependencies[peer] ?? "")?.[0];
  const react = oldest("react");
  const others = `TanStack Query from ${oldest("@tanstack/react-query")}, axios from ${oldest("axios")}.`;
  expect(readme).toContain(`React ${react} or 19, ${others}`);
  expect(costs).toContain(`React ${react} and 19, ${others}`);
});

test("the page promises the engines that the package is built for", () => {
  const targets = /target: \[(.*)\]/.exec(read("vite.config.ts"))?.[1] ?? "";
  const [chrome, edge, firefox, ios, safari] = targets.match(/\d+/g) ?? [];
  expect([edge, ios]).toEqual([chrome, safari]);
  expect(costs).toContain(
    `Chrome and Edge from ${chrome}, Firefox from ${firefox}, Safari and iOS from ${safari},`,
  );
});

test("the README's pictures are there, in light and dark and moving, and load fast", () => {
  const pictures = [...readme.matchAll(/(?:src|srcset)="([^"]+)"|!\[.+]\((.+)\)/g)];
  const paths = pictures.map(([, inTag, inText]) => inTag ?? inText ?? "");
  expect(paths.map((path) => /(\w+)\.webp$/.exec(path)?.[1])).toEqual([
    "dark",
    "light",
    "animation",
  ]);
  for (const path of paths) expect(statSync(path).size).toBeLessThan(400_000);
});
