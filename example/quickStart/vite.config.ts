import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  plugins: [react()],
  // The page and the API share an origin, as in production: the cookie arrives, and there is no CORS.
  server: { proxy: { "/api": "http://localhost:3000" } },
});
