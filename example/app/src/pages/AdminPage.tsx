import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import { BusyButton } from "../components/BusyButton.js";
import { Heading } from "../components/Heading.js";
import { Outcome } from "../components/Outcome.js";
import { QueryState } from "../components/QueryState.js";
import { RideArt } from "../components/RideArt.js";
import { dateAndTime, seatsOf, type GuestBooking, type Ride } from "../park.js";

export function AdminPage(): ReactElement {
  return (
    <>
      <Heading>Park office</Heading>
      <Today />
      <Rides />
    </>
  );
}

function Today(): ReactElement {
  const bookings = useAuthedQuery<GuestBooking[]>({
    queryKey: ["admin", "bookings"],
    request: "/admin/bookings",
  });
  return (
    <section aria-labelledby="today">
      <h2 id="today">Booked today</h2>
      <QueryState query={bookings} shape="rows" empty={<p>Nobody has booked yet.</p>}>
        {(list) => (
          <ul className="rows">
            {list.map(({ id, guestName, rideId, rideName, seats, note, at }) => (
              <li key={id} className="card row ticket">
                <RideArt rideId={rideId} />
                <div>
                  <h3>
                    {guestName} · {rideName}
                  </h3>
                  <p className="hint">
                    {seatsOf(seats)} · {dateAndTime(at)}
                  </p>
                  {note && <p>“{note}”</p>}
                </div>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </section>
  );
}

function Rides(): ReactElement {
  const rides = useAuthedQuery<Ride[]>({ queryKey: ["rides"], request: "/rides" });
  return (
    <section aria-labelledby="rides">
      <h2 id="rides">Rides</h2>
      <QueryState query={rides} shape="rows" empty={<p>There are none.</p>}>
        {(list) => (
          <ul className="rows">
            {list
              .toSorted((a, b) => a.name.localeCompare(b.name))
              .map((ride) => (
                <li key={ride.id} className={`card row ticket ${ride.open ? "" : "closed"}`}>
                  <RideRow ride={ride} />
                </li>
              ))}
          </ul>
        )}
      </QueryState>
    </section>
  );
}

function RideRow({ ride: { id, name, open, queueMinutes } }: { ride: Ride }): ReactElement {
  const queryClient = useQueryClient();
  const change = useAuthedMutation<Ride, Error, boolean>({
    request: (isOpen) => ({ url: `/admin/rides/${id}`, method: "PUT", data: { open: isOpen } }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["rides"] }),
  });
  return (
    <>
      <RideArt rideId={id} />
      <div>
        <h3>{name}</h3>
        <Outcome of={change} className="hint">
          {open ? `Open, ${queueMinutes} min in the queue` : "Closed"}
        </Outcome>
      </div>
      <BusyButton
        className="quiet"
        isBusy={change.isPending}
        aria-label={`${open ? "Close" : "Open"} ${name}`}
        onClick={() => change.mutate(!open)}
      >
        {open ? "Close" : "Open"}
      </BusyButton>
    </>
  );
}
