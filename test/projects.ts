import { fileURLToPath } from "node:url";
import type { TestProjectInlineConfiguration } from "vitest/config";
import { isInstalled } from "../scripts/find-fixture.mjs";
import { isAll } from "./scale.js";

const pathOf = (file: string) => fileURLToPath(new URL(`../${file}`, import.meta.url));

type Options = NonNullable<TestProjectInlineConfiguration["test"]>;

/** For all projects. A limit is for what hangs: a machine that is ten times slower must not meet it. */
const common: Options = {
  pool: "threads",
  setupFiles: ["test/support/quiet.ts"],
  testTimeout: 300_000,
  hookTimeout: 600_000,
  expect: { poll: { timeout: 120_000, interval: 20 } },
};

const jsdom: Options = {
  ...common,
  environment: "jsdom",
  // A page of the same host as its API: what a browser makes of two is no matter of these.
  environmentOptions: { jsdom: { url: "http://127.0.0.1:3000" } },
  setupFiles: ["test/support/quiet.ts", "test/support/cleanPage.ts"],
};

const library: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "library",
    isolate: false,
    include: ["test/{backends,behaviour,core,devtools,docs,http,scripts,testing}/**/*.test.ts"],
    exclude: ["test/docs/site.test.ts"],
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.{ts,tsx}"] },
  },
};

const simulation: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "simulation",
    include: ["test/simulation/**/*.test.ts"],
    // Development's hints, on thousands of stories of mishaps, would drown the one report.
    env: { NODE_ENV: "production" },
    testTimeout: 1_800_000,
  },
};

const inReact: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...jsdom,
    name: "react",
    isolate: false,
    include: ["test/{devtools,react,testing}/**/*.test.tsx"],
  },
};

/** The recipe of React Router with its next version; `npm test` compiles it with both. */
const reactRouter8: TestProjectInlineConfiguration = {
  extends: true,
  resolve: { alias: { "react-router": "react-router-8" } },
  test: {
    ...jsdom,
    name: "react-router 8",
    include: ["test/react/recipes/reactRouter.test.tsx"],
    server: { deps: { inline: [/react-router/] } },
  },
};

/** The built package with the oldest peers promised, which `npm run test:setup` installs. */
const oldestPeers: TestProjectInlineConfiguration = {
  extends: true,
  resolve: {
    alias: [
      { find: "react-authed-query/testing", replacement: pathOf("dist/testing/index.js") },
      { find: /^react-authed-query$/, replacement: pathOf("dist/index.js") },
      {
        find: "react-authed-query/devtools/production",
        replacement: pathOf("dist/devtools/production.js"),
      },
      { find: "react-authed-query/devtools", replacement: pathOf("dist/devtools/index.js") },
      { find: /^(?:\.\.\/)+src\//, replacement: pathOf("dist/") },
      // Their builds for `require` would load the other React.
      {
        find: /^@testing-library\/react$/,
        replacement: pathOf(
          "node_modules/@testing-library/react/dist/@testing-library/react.esm.js",
        ),
      },
      {
        find: /^react-router$/,
        replacement: pathOf("node_modules/react-router/dist/development/index.mjs"),
      },
      {
        find: /^@tanstack\/((?:react-)?query(?!-devtools)[\w-]*)$/,
        replacement: pathOf("test/oldestPeers/node_modules/@tanstack/$1/build/modern/index.js"),
      },
      {
        find: /^(?=(react|react-dom|use-sync-external-store|axios)($|\/))/,
        replacement: pathOf("test/oldestPeers/node_modules/"),
      },
    ],
  },
  test: {
    ...jsdom,
    name: "oldest peers",
    isolate: false,
    include: ["test/{devtools,react,testing}/**/*.test.tsx", "test/oldestPeers.test.tsx"],
    // The loaders of these recipes call `queryClient.query`, which came with TanStack Query 5.102.
    exclude: ["test/react/recipes/{reactRouter,tanStackRouter}.test.tsx"],
    // What imports React is run through Vite, so that it gets that one.
    server: { deps: { inline: [/@testing-library\/react/, /@tanstack/, /react-router/] } },
  },
};

/** The package as `npm pack` makes it, in apps for which `npm run test:setup` installs what they need. */
const packed: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "package",
    include: ["test/{package,packedApps,nextjs}.test.ts"],
    globalSetup: ["test/support/packedPackage.ts"],
  },
};

/** Where one of them lacks its packages, `npm run test:all` says so. */
const isPackedHere = (["package", "oldestPeers", "nextjs"] as const).every(isInstalled);

/** The HTTP clients of docs/clients.md, which `npm run test:setup` installs. */
const clients: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "clients",
    include: ["test/{clients,clientHooks,clientSockets}.test.{ts,tsx}"],
    globalSetup: ["test/support/generateClients.ts"],
  },
};

/** The site as `npm run docs` makes it, with what `npm run test:setup` installs. */
const site: TestProjectInlineConfiguration = {
  extends: true,
  test: { ...common, name: "site", include: ["test/docs/site.test.ts"] },
};

const server: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "server",
    isolate: false,
    include: ["example/server/test/**/*.test.ts"],
    exclude: isAll ? [] : ["example/server/test/postgres.test.ts"],
    globalSetup: ["example/server/test/compileServer.ts"],
  },
};

const browser: TestProjectInlineConfiguration = {
  extends: true,
  test: {
    ...common,
    name: "browser",
    include: isAll ? ["test/browser/**/*.test.ts"] : ["test/browser/{replay,tabs}.test.ts"],
  },
};

export const projects: TestProjectInlineConfiguration[] = [
  library,
  simulation,
  inReact,
  server,
  browser,
  ...(isAll ? [reactRouter8] : []),
  ...(isAll && isInstalled("oldestPeers") ? [oldestPeers] : []),
  ...(isAll && isPackedHere ? [packed] : []),
  ...(isAll && isInstalled("clients") ? [clients] : []),
  ...(isAll && isInstalled("docs") ? [site] : []),
];
