/** The Chromium to test in: `CHROMIUM_PATH`, one on the PATH, or the one Playwright installed. */
export function findChromium(): string | undefined;
