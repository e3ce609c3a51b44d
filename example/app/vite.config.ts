import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  root: here("."),
  plugins: [react()],
  resolve: { alias: { "react-authed-query": here("../../src/index.ts") } },
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
