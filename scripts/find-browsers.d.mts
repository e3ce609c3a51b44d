/** The Chromium to test in: `CHROMIUM_PATH`, one on the PATH, or the one Playwright installed. */
export function findChromium(): string | undefined;
/** The Firefox to test in: `FIREFOX_PATH`, or one on the PATH. */
export function findFirefox(): string | undefined;
