import type { AuthorizedSend } from "../core/authorizedSend.js";
import type { OriginGate } from "../core/origins.js";
import type { Platform } from "../core/platform.js";

/** What a client, of axios or of `fetch`, needs from the core. */
export interface ClientAuth extends Pick<AuthorizedSend, "send"> {
  origins: OriginGate;
  /**
   * Whether a URL is that of login, refresh or logout.
   *
   * @param written - The URL as the app wrote it: most are ruled out by it alone.
   * @param resolvable - Gives the one to resolve, where that is another.
   */
  isAuthURL: (written: string, resolvable?: () => string) => boolean;
  platform: Platform;
  header: string;
  scheme: string;
}
