import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { BusyButton } from "../components/BusyButton.js";
import { Heading } from "../components/Heading.js";
import { QueryState } from "../components/QueryState.js";
import { RideArt } from "../components/RideArt.js";
import { sentenceFor, type Booking, type Ride } from "../park.js";

export function RidesPage(): ReactElement {
  const rides = useAuthedQuery<Ride[]>({ queryKey: ["rides"], request: "/rides" });
  return (
    <>
      <Heading>Rides</Heading>
      <QueryState query={rides} shape="cards" empty={<p>The park is closed today.</p>}>
        {(list) => (
          <>
            <p className="lede">{news(list)}</p>
            <ul className="cards">
              {list.map((ride) => (
                <li
                  key={ride.id}
                  className={`card ride ${ride.thrill} ${ride.open ? "" : "closed"}`}
                >
                  <RideCard ride={ride} />
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

function RideCard({ ride }: { ride: Ride }): ReactElement {
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
    </>
  );
}

function BookingForm({ ride }: { ride: Ride }): ReactElement {
  const queryClient = useQueryClient();
  const [seats, setSeats] = useState(2);
  const [note, setNote] = useState("");
  const booking = useAuthedMutation<Booking>({
    request: () => ({ url: "/bookings", data: { rideId: ride.id, seats, note } }),
    onSuccess() {
      setNote("");
      return queryClient.invalidateQueries({ queryKey: ["bookings"] });
    },
  });
  return (
    <form
      className="booking"
      onSubmit={(event) => {
        event.preventDefault();
        booking.mutate();
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
      <BusyButton type="submit" isBusy={booking.isPending} aria-label={`Book ${ride.name}`}>
        {booking.isPending ? "Booking …" : "Book"}
      </BusyButton>
      <p role="status" className={booking.isError ? "fault" : "done"}>
        {booking.isSuccess && `Booked for ${booking.data.seats}.`}
        {booking.isError && sentenceFor(booking.error)}
      </p>
    </form>
  );
}
