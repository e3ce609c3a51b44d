import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { sentenceFor } from "../park.js";
import { BusyButton } from "./BusyButton.js";

interface Props<Item> {
  query: UseQueryResult<Item[]>;
  /** How the list will look, so that nothing jumps when it comes. */
  shape: "cards" | "rows";
  /** What to show when the list is empty. */
  empty: ReactNode;
  children: (items: Item[]) => ReactNode;
}

/** Loading, waiting for the network, failed, empty, or the list. */
export function QueryState<Item>({ query, shape, empty, children }: Props<Item>): ReactElement {
  const { data, isPending, error, isFetching, isPaused, refetch } = query;
  if (data)
    return data.length > 0 ? <>{children(data)}</> : <div className="card empty">{empty}</div>;
  if (isPaused) {
    return (
      <p className="card empty" role="status">
        This comes as soon as the network is back.
      </p>
    );
  }
  if (isPending) {
    return (
      <div className={shape} aria-busy="true">
        <span className="visually-hidden" role="status">
          Loading
        </span>
        {[1, 2, 3].map((number) => (
          <div key={number} className="card skeleton" />
        ))}
      </div>
    );
  }
  return (
    <div className="card problem" role="alert">
      <p>{sentenceFor(error)}</p>
      <BusyButton isBusy={isFetching} onClick={() => void refetch()}>
        {isFetching ? "Trying …" : "Try again"}
      </BusyButton>
    </div>
  );
}
