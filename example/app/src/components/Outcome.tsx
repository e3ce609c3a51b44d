import type { UseMutationResult } from "@tanstack/react-query";
import { useAuth } from "react-authed-query";
import type { ComponentProps, ReactElement } from "react";
import { sentenceFor } from "../park.js";

interface Props extends ComponentProps<"p"> {
  of: Pick<UseMutationResult, "error" | "failureReason" | "isPending">;
}

/** What went wrong with a mutation, or keeps it waiting, in one sentence; else its children. */
export function Outcome({ of: mutation, children, ...props }: Props): ReactElement {
  const { error: trouble } = useAuth();
  const { error, failureReason, isPending } = mutation;
  // What keeps it waiting is over as soon as the session has its token, and the mutation goes on.
  const fault = error ?? (isPending && trouble ? failureReason : null);
  return (
    <p
      tabIndex={-1}
      role="status"
      className="done"
      {...props}
      {...(fault && { className: "fault" })}
    >
      {fault ? sentenceFor(fault) : children}
    </p>
  );
}
