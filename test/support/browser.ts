import { chromium, type Browser } from "playwright-core";
import { findChromium } from "../../scripts/find-chromium.mjs";

/** Starts the Chromium of this machine, quiet and without reaching for the network. */
export async function launchChromium(): Promise<Browser> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error("No Chromium: run `npm test`, which finds or installs one.");
  return chromium.launch({
    executablePath,
    args: [
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--disable-gpu",
    ],
  });
}
