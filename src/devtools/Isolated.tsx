"use client";

import { useCallback, useEffect, useState, type ReactElement, type ReactNode } from "react";
import { createPortal } from "react-dom";
import { css } from "./css.js";

/** How the styles get onto the page. */
export interface IsolatedProps {
  /** For a `<style>`, in browsers without constructed style sheets (Safari before 16.4). */
  styleNonce?: string | undefined;
  /** The shadow root to render into; if omitted, it makes one of its own. */
  shadowDOMTarget?: ShadowRoot | undefined;
}

/** Renders into a shadow root: no style of the page reaches what is in it, and none of its own the page. */
export function Isolated({
  styleNonce,
  shadowDOMTarget,
  children,
}: IsolatedProps & { children: ReactNode }): ReactElement | null {
  const [own, setOwn] = useState<ShadowRoot | null>(null);
  const attach = useCallback((host: HTMLElement | null) => {
    // StrictMode attaches twice to the same element.
    setOwn(host && (host.shadowRoot ?? host.attachShadow({ mode: "open" })));
  }, []);
  const root = shadowDOMTarget ?? own;
  useEffect(() => (root ? adoptStyles(root, styleNonce) : undefined), [root, styleNonce]);
  return (
    <>
      {/* First: React removes it before its host, and so it can tell that it had the focus. */}
      {root && createPortal(children, root)}
      {!shadowDOMTarget && <div ref={attach} data-authed-devtools="" />}
    </>
  );
}

/** Gives the root the styles. A strict CSP allows a constructed sheet. Returns its undoing. */
function adoptStyles(root: ShadowRoot, nonce: string | undefined): () => void {
  const Sheet = root.ownerDocument.defaultView?.CSSStyleSheet;
  if (Sheet && "replaceSync" in Sheet.prototype && "adoptedStyleSheets" in root) {
    const sheet = new Sheet();
    sheet.replaceSync(css);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
    return () => {
      root.adoptedStyleSheets = root.adoptedStyleSheets.filter((each) => each !== sheet);
    };
  }
  const style = root.ownerDocument.createElement("style");
  if (nonce) style.nonce = nonce;
  style.textContent = css;
  root.append(style);
  return () => style.remove();
}
