import { useAuthedQuery } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { useBook, useBookings } from "../booking.js";
import { BusyButton } from "../components/BusyButton.js";
import { Heading } from "../components/Heading.js";
import { Outcome } from "../components/Outcome.js";
import { QueryState } from "../components/QueryState.js";
import { RideArt } from "../components/RideArt.js";
import { seatsOf, timeOfDay, type Booking, type Ride } from "../park.js";
import { useLiveQueueTimes } from "../queueTimes.js";

export function RidesPage(): ReactElement {
  const rides = useAuthedQuery<Ride[]>({ queryKey: ["rides"], request: "/rides" });
  const bookings = useBookings();
  const isLive = useLiveQueueTimes();
  return (
    <>
      <Heading>Rides</Heading>
      <QueryState query={rides} shape="cards" empty={<p>The park is closed today.</p>}>
        {(list) => (
          <>
            <p className="lede">
              {news(list)} <Freshness isLive={isLive} at={rides.dataUpdatedAt} />
            </p>
            <ul className="cards">
              {list.map((ride) => (
                <li
                  key={ride.id}
                  className={`card ride ${ride.thrill} ${ride.open ? "" : "closed"}`}
                >
                  <RideCard
                    ride={ride}
                    tickets={bookings.data?.filter(({ rideId }) => rideId === ride.id) ?? []}
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </QueryState>
    </>
  );
}

/** What a board at the gate would say. */
function news(rides: readonly Ride[]): string {
  const running = rides.filter(({ open }) => open);
  const [quickest] = running.toSorted((a, b) => a.queueMinutes - b.queueMinutes);
  if (!quickest) return "No ride is running at the moment.";
  return `${running.length} of ${rides.length} rides are running. The shortest queue: ${quickest.name}, ${quickest.queueMinutes} min.`;
}

function Freshness({ isLive, at }: { isLive: boolean; at: number }): ReactElement {
  return (
    <span className={isLive ? "live" : "still"}>
      {isLive ? "Queue times are live." : `Queue times of ${timeOfDay(at)}.`}
    </span>
  );
}

function RideCard({ ride, tickets }: { ride: Ride; tickets: Booking[] }): ReactElement {
  return (
    <>
      <RideArt rideId={ride.id} />
      <p className="eyebrow">
        {ride.land} · {ride.thrill}
      </p>
      <h2>{ride.name}</h2>
      <p>{ride.description}</p>
      <dl className="facts">
        <div>
          <dt>Queue</dt>
          <dd>{ride.open ? `${ride.queueMinutes} min` : "closed"}</dd>
        </div>
        <div>
          <dt>Ride</dt>
          <dd>{ride.durationMinutes} min</dd>
        </div>
        <div>
          <dt>From</dt>
          <dd>{ride.minHeightCm ? `${ride.minHeightCm} cm` : "any height"}</dd>
        </div>
      </dl>
      {ride.open ? <BookingForm ride={ride} /> : <p className="hint">Closed for now.</p>}
      {tickets.length > 0 && <Tickets ride={ride} tickets={tickets} />}
    </>
  );
}

function Tickets({ ride, tickets }: { ride: Ride; tickets: Booking[] }): ReactElement {
  return (
    <ul className="stubs" aria-label={`Your tickets for ${ride.name}`}>
      {tickets.map(({ id, seats, isUnderWay }) => (
        <li key={id} className="stub" aria-busy={isUnderWay}>
          {seatsOf(seats)}
          {isUnderWay && " · being booked …"}
        </li>
      ))}
    </ul>
  );
}

function BookingForm({ ride }: { ride: Ride }): ReactElement {
  const [seats, setSeats] = useState(2);
  const [note, setNote] = useState("");
  const booking = useBook();
  return (
    <form
      className="booking"
      onSubmit={(event) => {
        event.preventDefault();
        booking.mutate({ ride, seats, note }, { onSuccess: () => setNote("") });
      }}
    >
      <label className="note">
        Note<span className="visually-hidden"> for {ride.name}</span>{" "}
        <input
          value={note}
          maxLength={200}
          placeholder="A birthday, a wheelchair …"
          onChange={(event) => setNote(event.target.value)}
        />
      </label>
      <label>
        Seats<span className="visually-hidden"> on {ride.name}</span>{" "}
        <select value={seats} onChange={(event) => setSeats(Number(event.target.value))}>
          {[1, 2, 3, 4, 5, 6].map((number) => (
            <option key={number}>{number}</option>
          ))}
        </select>
      </label>
      <BusyButton type="submit" isBusy={booking.isPending}>
        {booking.isPending ? "Booking …" : "Book"}
        <span className="visually-hidden"> {ride.name}</span>
      </BusyButton>
      <Outcome of={booking}>{booking.isSuccess && `Booked for ${booking.data.seats}.`}</Outcome>
    </form>
  );
}
