import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";
import { packageAlias } from "../../test/packageAlias.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Puts the worker of msw beside the page, for it answers for what is below it only. */
const serviceWorker: Plugin = {
  name: "service-worker",
  generateBundle() {
    const source = readFileSync(createRequire(import.meta.url).resolve("msw/mockServiceWorker.js"));
    this.emitFile({ type: "asset", fileName: "mockServiceWorker.js", source });
  },
};

/** The package has no side effects. The quick start, which lies in its folder, is nothing else. */
const sideEffects: Plugin = {
  name: "side-effects",
  transform: (_, id) => (id.includes("/example/") ? { moduleSideEffects: true } : null),
};

export default defineConfig({
  root: here("."),
  // The site may lie anywhere on its host.
  base: "./",
  plugins: [react(), serviceWorker, sideEffects],
  resolve: { alias: packageAlias },
  build: {
    outDir: here("../../docs/public/live-app"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 1000,
  },
});
