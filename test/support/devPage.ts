import { afterEach, beforeEach, vi } from "vitest";
import { setup, type Setup, type SetupOptions } from "./setup.js";

/** What the console is told in each test of a file, from the first sentence on. */
export function listenToConsole(): { readonly sentences: string[] } {
  const heard = { sentences: [] as string[] };
  beforeEach(() => {
    heard.sentences = [];
    vi.spyOn(console, "warn").mockImplementation((text: string) => heard.sentences.push(text));
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
  return heard;
}

/** In a page of the API's own origin, or of another. */
export async function setupInPage(
  options: SetupOptions & { elsewhere?: string } = {},
): Promise<Setup> {
  const { elsewhere, ...rest } = options;
  let documentURL = elsewhere ?? "";
  const world = await setup({
    signedIn: false,
    ...rest,
    platform: { documentURL: () => documentURL || undefined, ...rest.platform },
  });
  documentURL ||= `${world.server.url}/orders`;
  // The answers bear the time of today.
  world.clock.setWallClock(Date.now());
  world.server.tokens.now = () => Date.now();
  return world;
}

export const signIn = ({ auth }: Pick<Setup, "auth">): Promise<unknown> =>
  auth.login({ password: "right" });
