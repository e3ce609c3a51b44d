"use client";

import { useCallback, useRef, type RefCallback } from "react";
import type { Auth } from "../index.js";

/** Those whose devtools had the focus, and are about to be rendered as new. */
const focused = new WeakSet<Auth>();

/** The focus, as the button that opens and closes has it. */
export interface KeptFocus {
  /** Of that button. */
  readonly ref: RefCallback<HTMLButtonElement>;
  /** The next button takes the focus. */
  pass(): void;
}

/**
 * Keeps the focus in the devtools: when they open or close, and when a provider renders what is in it as
 * new, since another user signed in.
 */
export function useKeptFocus(auth: Auth): KeptFocus {
  const last = useRef<HTMLButtonElement>(null);

  const pass = useCallback(() => {
    focused.add(auth);
    queueMicrotask(() => focused.delete(auth));
  }, [auth]);

  const ref = useCallback(
    (button: HTMLButtonElement | null) => {
      if (!button && hasFocus(last.current)) pass();
      if (button && focused.has(auth)) button.focus();
      last.current = button;
    },
    [auth, pass],
  );

  return { ref, pass };
}

/** The focus is where the button is. */
function hasFocus(button: HTMLButtonElement | null): boolean {
  const root = button?.getRootNode();
  const frame = button?.closest(".authed-devtools");
  return root instanceof ShadowRoot && !!frame?.contains(root.activeElement);
}
