import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactElement, ReactNode } from "react";
import { sentenceFor } from "../park.js";

interface Props<Item> {
  query: UseQueryResult<Item[]>;
  /** What to say when the list is empty. */
  empty: string;
  children: (items: Item[]) => ReactNode;
}

/** Loading, failed, empty, or the list. */
export function QueryState<Item>({ query, empty, children }: Props<Item>): ReactElement {
  const { data, isPending, error, isFetching, refetch } = query;
  if (isPending && !error) {
    return (
      <div className="skeletons" aria-busy="true">
        <span className="visually-hidden" role="status">
          Loading
        </span>
        {[1, 2, 3].map((number) => (
          <div key={number} className="card skeleton" />
        ))}
      </div>
    );
  }
  if (error && !data) {
    return (
      <div className="card problem" role="alert">
        <p>{sentenceFor(error)}</p>
        <button type="button" disabled={isFetching} onClick={() => void refetch()}>
          {isFetching ? "Trying …" : "Try again"}
        </button>
      </div>
    );
  }
  return data?.length ? <>{children(data)}</> : <p className="card empty">{empty}</p>;
}
