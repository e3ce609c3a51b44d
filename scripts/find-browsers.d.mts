/** The Chromium to test in: `CHROMIUM_PATH`, one on the PATH, or the one Playwright installed. */
export function findChromium(): string | undefined;
/** The Firefox to test in: `FIREFOX_PATH`, or one on the PATH. */
export function findFirefox(): string | undefined;
/**
 * The WebKitGTK to test in, if all of it is there: `WEBKIT_DRIVER_PATH`, or a WebKitWebDriver on the
 * PATH; the MiniBrowser that it drives; and, where no `DISPLAY` is set, an Xvfb to show it on.
 */
export function findWebKit(): WebKit | undefined;

export interface WebKit {
  driver: string;
  miniBrowser: string;
  /** `undefined` where there is a display. */
  xvfb: string | undefined;
}
