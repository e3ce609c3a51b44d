import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { packageAlias } from "./test/packageAlias.js";
import { projects } from "./test/projects.js";

export default defineConfig({
  plugins: [react()],
  // Tests import the package by its name, as its users do.
  resolve: { alias: packageAlias },
  build: {
    lib: {
      entry: {
        index: "src/index.ts",
        "testing/index": "src/testing/index.ts",
        "devtools/index": "src/devtools/index.ts",
        "devtools/production": "src/devtools/production.ts",
      },
      formats: ["es"],
    },
    // The engines that the README promises.
    target: ["chrome93", "edge93", "firefox91", "ios15", "safari15"],
    sourcemap: true,
    minify: false,
    rolldownOptions: {
      output: {
        preserveModules: true,
        preserveModulesRoot: "src",
        entryFileNames: "[name].js",
        // The package has the sources once, in `src`: for these maps and for those of the types.
        sourcemapExcludeSources: true,
      },
      external: [/^react(-dom)?($|\/)/, /^@tanstack\/react-query/, /^axios($|\/)/],
    },
  },
  test: {
    projects,
    reporters: ["default", "./scripts/report-at-end.mjs"],
    // Vitest leaves one core to itself: with two cores that is one for all tests.
    maxWorkers: 2,
    slowTestThreshold: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**"],
      reporter: ["text-summary", "json-summary"],
      thresholds: { lines: 98, branches: 95 },
    },
  },
});
