import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { isInstalled } from "./scripts/find-fixture.mjs";

const pathOf = (file: string) => fileURLToPath(new URL(file, import.meta.url));

export default defineConfig({
  plugins: [react()],
  // Tests import the package by its name, as its users do.
  resolve: { alias: { "react-authed-query": pathOf("src/index.ts") } },
  build: {
    lib: { entry: { index: "src/index.ts" }, formats: ["es"] },
    target: "es2022",
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      output: { preserveModules: true, preserveModulesRoot: "src", entryFileNames: "[name].js" },
      external: [/^react($|\/)/, /^@tanstack\/react-query/, /^axios($|\/)/],
    },
  },
  test: {
    // The hints of development are right, and many: most tests set up what they warn of. The rest is
    // shown, for what is skipped is said aloud.
    onConsoleLog: (text) => !text.startsWith("react-authed-query:"),
    coverage: {
      provider: "v8",
      include: ["src/**"],
      reporter: ["text", "json-summary"],
      thresholds: { lines: 98, branches: 95 },
    },
    projects: [
      {
        extends: true,
        test: {
          name: "library",
          environment: "node",
          include: ["test/{backends,behaviour,core,docs,http}/**/*.test.ts"],
          typecheck: { enabled: true, include: ["test/types/**/*.test-d.{ts,tsx}"] },
        },
      },
      {
        extends: true,
        test: {
          name: "simulation",
          environment: "node",
          include: ["test/simulation/**/*.test.ts"],
          // Development's hints, on many schedules of mishaps, would drown the one report.
          env: { NODE_ENV: "production" },
          testTimeout: 300_000,
        },
      },
      {
        extends: true,
        test: {
          name: "react",
          environment: "jsdom",
          // A page of the same host as its API: what a browser makes of two is no matter of these.
          environmentOptions: { jsdom: { url: "http://127.0.0.1:3000" } },
          include: ["test/react/**/*.test.tsx"],
          setupFiles: ["test/support/patience.ts"],
          testTimeout: 20_000,
        },
      },
      {
        extends: true,
        // The built package with the oldest peers promised: `scripts/prepare-machine.mjs` installs them,
        // and without a registry in reach there are none.
        resolve: {
          alias: [
            { find: "react-authed-query", replacement: pathOf("dist/index.js") },
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
              find: /^@tanstack\/(query-core|react-query)$/,
              replacement: pathOf(
                "test/oldestPeers/node_modules/@tanstack/$1/build/modern/index.js",
              ),
            },
            {
              find: /^(?=(react|react-dom|use-sync-external-store|axios)($|\/))/,
              replacement: pathOf("test/oldestPeers/node_modules/"),
            },
          ],
        },
        test: {
          name: "oldest peers",
          environment: "jsdom",
          include: isInstalled("oldestPeers")
            ? ["test/react/**/*.test.tsx", "test/oldestPeers.test.tsx"]
            : [],
          setupFiles: ["test/support/patience.ts"],
          testTimeout: 20_000,
          // What imports React is run through Vite, so that it gets that one.
          server: { deps: { inline: [/@testing-library\/react/, /@tanstack/, /react-router/] } },
        },
      },
      {
        extends: true,
        test: {
          name: "server",
          environment: "node",
          include: ["example/server/test/**/*.test.ts"],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          environment: "node",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
