import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

const read = (path: string) => readFileSync(path, "utf8");
const readme = read("README.md");

test("the README shows the quick start as it was run", () => {
  for (const name of ["auth.ts", "App.tsx", "main.tsx"]) {
    const kind = name.split(".")[1];
    const file = read(`example/quickStart/${name}`);
    expect(readme).toContain(`\`${name}\`\n\n\`\`\`${kind}\n${file}\`\`\``);
  }
});

test("the README types the user as the recipes are compiled", () => {
  expect(readme).toContain(`\`\`\`ts\n${read("test/types/registered/register.ts")}\`\`\``);
});

test("the README gets a token for a socket as the recipe does", () => {
  const [, line] = /A client that cannot send the header.*?```ts\n(.*?)\n```/s.exec(readme) ?? [];
  expect(read("example/recipes/webSocket.ts")).toContain(` ${line}\n`);
});

test("the README tests a component as it is tested", () => {
  const [, lines] = /### Testing .*?```tsx\n(.*?)```/s.exec(readme) ?? [];
  const tested = read("test/testing/recipes/component.test.tsx").replaceAll(/^ {2}/gm, "");
  expect(tested).toContain(lines);
});

test("the README's line for Jest is the one that a test of the package runs with", () => {
  const [, line] = /Jest 30 .*?```js\n(.*?)\n```/s.exec(readme) ?? [];
  expect(read("test/package/jest.config.cjs")).toContain(` ${line}\n`);
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

test("the README's bars are those that `npm run bench` holds", () => {
  const bars = read("scripts/bench/run.mjs");
  const bar = (what: string) => new RegExp(`"${what}": ([\\d.]+)`).exec(bars)?.[1];
  expect(readme).toContain(
    `at most ${bar("axios: plain path")} of bare axios, ${bar("axios: with an event listener")} where \`onEvent\` listens; \`auth.fetch\` at most ${bar("auth.fetch: GET")} of`,
  );
  expect(readme).toContain(
    `at most ${bar("heap of a request that waits")} of the memory and ${bar("storm of 10 000, wall time")} of the time`,
  );
});

test("the README names the oldest peers that the package takes", () => {
  const { peerDependencies } = JSON.parse(read("package.json")) as {
    peerDependencies: Record<string, string>;
  };
  const oldest = (peer: string) => /\d+\.\d+/.exec(peerDependencies[peer] ?? "")?.[0];
  expect(readme).toContain(
    `React ${oldest("react")} or 19, TanStack Query from ${oldest("@tanstack/react-query")}, axios from ${oldest("axios")}.`,
  );
});

test("the README promises the engines that the package is built for", () => {
  const targets = /target: \[(.*)\]/.exec(read("vite.config.ts"))?.[1] ?? "";
  const [chrome, edge, firefox, ios, safari] = targets.match(/\d+/g) ?? [];
  expect([edge, ios]).toEqual([chrome, safari]);
  expect(readme).toContain(
    `Chrome and Edge from ${chrome}, Firefox from ${firefox}, Safari and iOS from ${safari},`,
  );
});

test("every file that the documents link to is there", () => {
  const documents = ["README.md", "CONTRIBUTING.md", "SECURITY.md"];
  for (const name of ["clients", "devtools", "failures", "testing"])
    documents.push(`docs/${name}.md`);
  for (const folder of ["", "session/"]) documents.push(`example/server/${folder}README.md`);
  for (const document of documents) {
    const links = [...read(document).matchAll(/\]\(([^)#:]+)(#[^)]*)?\)/g)].map(
      ([, path = ""]) => path,
    );
    const lost = links.filter((path) => !existsSync(join(dirname(document), path)));
    expect(lost).toEqual([]);
  }
});

test("every heading that the documents link to is there", () => {
  for (const document of ["README.md", "docs/clients.md", "docs/failures.md", "docs/testing.md"]) {
    const links = [...read(document).matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
    const lost = links.filter(([, path, anchor]) => {
      const headings = read(path ? join(dirname(document), path) : document).match(/^#+ .*$/gm);
      const anchors = headings?.map((line) => line.replace(/^#+ /, "").toLowerCase());
      return !anchors?.map((heading) => heading.replaceAll(" ", "-")).includes(anchor ?? "");
    });
    expect(lost).toEqual([]);
  }
});
