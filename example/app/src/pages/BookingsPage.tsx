import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation } from "react-authed-query";
import { useRef, type ReactElement } from "react";
import { Link } from "react-router";
import { useBookings } from "../booking.js";
import { BusyButton } from "../components/BusyButton.js";
import { Heading } from "../components/Heading.js";
import { Outcome } from "../components/Outcome.js";
import { QueryState } from "../components/QueryState.js";
import { RideArt } from "../components/RideArt.js";
import { dateAndTime, seatsOf } from "../park.js";

export function BookingsPage(): ReactElement {
  const queryClient = useQueryClient();
  const result = useRef<HTMLParagraphElement>(null);
  const bookings = useBookings();
  const cancel = useAuthedMutation({
    request: (id: string) => ({ url: `/bookings/${id}`, method: "DELETE" }),
    // The button goes away with its row, and the focus would go with it.
    onSuccess: () => result.current?.focus(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["bookings"] }),
  });
  return (
    <>
      <Heading>Bookings</Heading>
      <Outcome of={cancel} ref={result}>
        {cancel.isSuccess && "The booking is cancelled."}
      </Outcome>
      <QueryState query={bookings} shape="rows" empty={<NothingBooked />}>
        {(list) => (
          <ul className="rows">
            {list.map(({ id, rideId, rideName, seats, note, at, isUnderWay }) => (
              <li key={id} className="card row ticket" aria-busy={isUnderWay}>
                <RideArt rideId={rideId} />
                <div>
                  <h2>{rideName}</h2>
                  <p className="hint">
                    {seatsOf(seats)} · {isUnderWay ? "being booked …" : dateAndTime(at)}
                  </p>
                  {note && <p>“{note}”</p>}
                </div>
                {!isUnderWay && (
                  <BusyButton
                    className="quiet"
                    isBusy={cancel.isPending && cancel.variables === id}
                    aria-label={`Cancel ${rideName}`}
                    onClick={() => cancel.mutate(id)}
                  >
                    Cancel
                  </BusyButton>
                )}
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
