import type { ComponentProps, ReactElement } from "react";

interface Props extends Omit<ComponentProps<"button">, "disabled"> {
  isBusy: boolean;
}

/**
 * Does nothing while it is busy. It is not `disabled`, for that would take the focus away from
 * whoever has just pressed it.
 */
export function BusyButton({ isBusy, onClick, ...props }: Props): ReactElement {
  return (
    <button
      type="button"
      {...props}
      aria-disabled={isBusy}
      onClick={(event) => {
        if (isBusy) event.preventDefault();
        else onClick?.(event);
      }}
    />
  );
}
