import { render, within, type BoundFunctions, type queries } from "@testing-library/react";
import type { Auth } from "react-authed-query";
import { AuthDevtools, type AuthDevtoolsProps } from "react-authed-query/devtools";
import { StrictMode } from "react";
import { setup, type Setup, type SetupOptions } from "./setup.js";

/** A session with the devtools beside it. */
export interface Devtools extends Setup {
  /** What the shadow root holds. */
  devtools: BoundFunctions<typeof queries>;
  /** All that it shows. */
  text(): string;
}

/** Opens the devtools in StrictMode. Their clock is the wall's, and so is that of the session. */
export async function openDevtools({
  props = {},
  ...options
}: SetupOptions & { props?: AuthDevtoolsProps } = {}): Promise<Devtools> {
  const made = await setup({ platform: { now: Date.now }, ...options });
  return { ...made, ...renderDevtools(made.auth, props) };
}

/** Renders the devtools, open if nothing else is said. */
export function renderDevtools(
  auth: Auth,
  props: AuthDevtoolsProps = {},
): Pick<Devtools, "devtools" | "text"> {
  const { container } = render(
    <StrictMode>
      <AuthDevtools auth={auth} initialIsOpen {...props} />
    </StrictMode>,
  );
  const root = shadowRootIn(container);
  const frame = frameIn(root);
  return { devtools: within(frame), text: () => frame.textContent ?? "" };
}

/** The shadow root of the devtools that were rendered into the element. */
export function shadowRootIn(container: HTMLElement): ShadowRoot {
  const root = container.querySelector("[data-authed-devtools]")?.shadowRoot;
  if (!root) throw new Error("There are no devtools.");
  return root;
}

/** What the devtools rendered into the root. */
export function frameIn(root: ShadowRoot): HTMLElement {
  const frame = root.querySelector<HTMLElement>(".authed-devtools");
  if (!frame) throw new Error("The devtools show nothing.");
  return frame;
}
