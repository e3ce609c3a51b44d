import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { packageAlias } from "../../test/packageAlias.js";
import { excerpts } from "./excerpts.js";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  plugins: [excerpts(), react()],
  resolve: { alias: packageAlias },
  // For work on the pages: `vite --config example/app/vite.config.ts` beside a running server.
  server: { proxy: { "/api": { target: "http://localhost:5180", ws: true } } },
  // An inlined file would be a data: URL, which the page's own policy forbids for all but images.
  build: {
    outDir: here("dist"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
