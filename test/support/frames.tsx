import { QueryClient } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import { AuthProvider, type Auth } from "react-authed-query";
import { Profiler, StrictMode, useRef, type ReactElement, type ReactNode } from "react";

export interface Recorded extends RenderResult {
  queryClient: QueryClient;
  /** What could be read on the screen after each commit, in order. */
  frames: string[];
}

/** Renders under an `AuthProvider` in StrictMode, and records every frame: each commit, not only the last. */
export function renderRecorded(auth: Auth, children: ReactNode): Recorded {
  const queryClient = new QueryClient({ defaultOptions: { queries: { retryDelay: 0 } } });
  const recorded = recordFrames(
    <AuthProvider auth={auth} queryClient={queryClient}>
      {children}
    </AuthProvider>,
  );
  return { ...recorded, queryClient };
}

/** Renders in StrictMode and records every frame. */
export function recordFrames(app: ReactElement): RenderResult & { frames: string[] } {
  const frames: string[] = [];
  const framed = (children: ReactNode) => (
    <StrictMode>
      <Recorder frames={frames}>{children}</Recorder>
    </StrictMode>
  );
  const result = render(framed(app));
  return { ...result, frames, rerender: (next) => result.rerender(framed(next)) };
}

function Recorder({ frames, children }: { frames: string[]; children: ReactNode }): ReactElement {
  const screen = useRef<HTMLDivElement>(null);
  return (
    <Profiler id="screen" onRender={() => void frames.push(textOf(screen.current))}>
      <div ref={screen}>{children}</div>
    </Profiler>
  );
}

function textOf(node: Node | null): string {
  return visibleText(node).replace(/\s+/g, " ").trim();
}

/** The text that is not hidden, as `<Activity>` and Suspense hide it. */
function visibleText(node: Node | null): string {
  if (!(node instanceof HTMLElement)) return node?.textContent ?? "";
  if (node.style.display === "none") return "";
  return ` ${[...node.childNodes].map(visibleText).join("")} `;
}
