import { useLayoutEffect, type ReactElement } from "react";

/** The page's heading, which also names the browser's tab. */
export function Heading({ children, id }: { children: string; id?: string }): ReactElement {
  // Before the browser paints: the page and its tab change at once.
  useLayoutEffect(() => {
    document.title = `${children} · Lantern Park`;
  }, [children]);
  return <h1 id={id}>{children}</h1>;
}
