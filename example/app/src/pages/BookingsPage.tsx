import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { useRef, type ReactElement } from "react";
import { Link } from "react-router";
import { BusyButton } from "../components/BusyButton.js";
import { Heading } from "../components/Heading.js";
import { QueryState } from "../components/QueryState.js";
import { RideArt } from "../components/RideArt.js";
import { dateAndTime, seatsOf, sentenceFor, type Booking } from "../park.js";

export function BookingsPage(): ReactElement {
  const queryClient = useQueryClient();
  const result = useRef<HTMLParagraphElement>(null);
  const bookings = useAuthedQuery<Booking[]>({ queryKey: ["bookings"], request: "/bookings" });
  const cancel = useAuthedMutation({
    request: (id: string) => ({ url: `/bookings/${id}`, method: "DELETE" }),
    // The button goes away with its row, and the focus would go with it.
    onSuccess: () => result.current?.focus(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["bookings"] }),
  });
  return (
    <>
      <Heading>Bookings</Heading>
      <p ref={result} tabIndex={-1} role="status" className={cancel.isError ? "fault" : "done"}>
        {cancel.isSuccess && "The booking is cancelled."}
        {cancel.isError && sentenceFor(cancel.error)}
      </p>
      <QueryState query={bookings} shape="rows" empty={<NothingBooked />}>
        {(list) => (
          <ul className="rows">
            {list.map(({ id, rideId, rideName, seats, note, at }) => (
              <li key={id} className="card row ticket">
                <RideArt rideId={rideId} />
                <div>
                  <h2>{rideName}</h2>
                  <p className="hint">
                    {seatsOf(seats)} · {dateAndTime(at)}
                  </p>
                  {note && <p>“{note}”</p>}
                </div>
                <BusyButton
                  className="quiet"
                  isBusy={cancel.isPending && cancel.variables === id}
                  aria-label={`Cancel ${rideName}`}
                  onClick={() => cancel.mutate(id)}
                >
                  Cancel
                </BusyButton>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </>
  );
}

function NothingBooked(): ReactElement {
  return (
    <p>
      Nothing booked yet. <Link to="/">Choose a ride</Link>, and its ticket is here.
    </p>
  );
}
