import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import { QueryState } from "../components/QueryState.js";
import { dateAndTime, sentenceFor, type Booking } from "../park.js";

export function BookingsPage(): ReactElement {
  const api = useApi();
  const queryClient = useQueryClient();
  const bookings = useAuthedQuery<Booking[]>({ queryKey: ["bookings"], request: "/bookings" });
  const cancel = useMutation({
    mutationFn: (id: string) => api.delete(`/bookings/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["bookings"] }),
  });
  return (
    <>
      <h1>Bookings</h1>
      <p role="status" className={cancel.isError ? "fault" : "done"}>
        {cancel.isSuccess && "The booking is cancelled."}
        {cancel.isError && sentenceFor(cancel.error)}
      </p>
      <QueryState query={bookings} empty="Nothing booked yet. The Copper Comet has a short queue.">
        {(list) => (
          <ul className="rows">
            {list.map(({ id, rideName, seats, at }) => (
              <li key={id} className="card row">
                <div>
                  <h2>{rideName}</h2>
                  <p className="hint">
                    {seats} {seats === 1 ? "seat" : "seats"} · {dateAndTime(at)}
                  </p>
                </div>
                <button
                  type="button"
                  className="quiet"
                  disabled={cancel.isPending}
                  aria-label={`Cancel ${rideName}`}
                  onClick={() => cancel.mutate(id)}
                >
                  Cancel
                </button>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </>
  );
}
