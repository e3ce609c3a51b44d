import { defineConfig } from "@playwright/test";

// As an app's own: `playwright.test.ts` beside this folder starts the server and says where it is.
const { PARK_URL = "", CHROMIUM_PATH = "", OUTPUT_DIR = "" } = process.env;

export default defineConfig({
  testDir: ".",
  outputDir: OUTPUT_DIR,
  reporter: "json",
  workers: 2,
  fullyParallel: true,
  use: { baseURL: PARK_URL, launchOptions: { executablePath: CHROMIUM_PATH } },
});
