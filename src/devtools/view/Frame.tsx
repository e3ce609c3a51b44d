import type { ReactElement, ReactNode } from "react";

export interface FrameProps {
  /** It is as large as what is around it. */
  isEmbedded?: boolean;
  onKey?: (key: string) => void;
  children: ReactNode;
}

/** Carries the styles, and keeps keys from the shortcuts of the page. */
export function Frame({ isEmbedded = false, onKey, children }: FrameProps): ReactElement {
  return (
    <div
      role="presentation"
      className={isEmbedded ? "authed-devtools embedded" : "authed-devtools"}
      onKeyDown={(event) => {
        event.stopPropagation();
        onKey?.(event.key);
      }}
    >
      <section aria-label="Auth devtools">{children}</section>
    </div>
  );
}
