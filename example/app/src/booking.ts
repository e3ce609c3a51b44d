import {
  useMutationState,
  type UseMutationResult,
  type UseQueryResult,
} from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import type { Booking, Ride } from "./park.js";

/** What a person fills in. */
export interface NewBooking {
  ride: Ride;
  seats: number;
  note: string;
}

const queryKey = ["bookings"];
const mutationKey = ["book"];

/** Books a ride. Its ticket is among the bookings at once, and is gone again if the server says no. */
export function useBook(): UseMutationResult<Booking, Error, NewBooking> {
  return useAuthedMutation<Booking, Error, NewBooking>({
    mutationKey,
    request: ({ ride, seats, note }) => ({
      url: "/bookings",
      data: { rideId: ride.id, seats, note },
    }),
    // Before the ticket under way is gone.
    onSuccess: (booking, _wanted, _result, { client }) =>
      void client.setQueryData<Booking[]>(queryKey, (list) => list && [booking, ...list]),
    onSettled: (_data, _error, _wanted, _result, { client }) =>
      void client.invalidateQueries({ queryKey }),
  });
}

/**
 * A person's bookings, and first those that are under way. The latter are what the mutations know, not
 * in the cache of the list: the next list from the server would take them out again.
 *
 * @see TanStack Query, guide "Optimistic Updates", via the UI.
 */
export function useBookings(): UseQueryResult<Booking[]> {
  const underWay = useMutationState({
    filters: { mutationKey, status: "pending" },
    select: ({ mutationId, state }) => {
      // The key is that of `useBook`.
      const { ride, seats, note } = state.variables as NewBooking;
      const at = new Date(state.submittedAt).toISOString();
      const id = `under-way-${mutationId}`;
      return { id, rideId: ride.id, rideName: ride.name, seats, note, at, isUnderWay: true };
    },
  });
  return useAuthedQuery({
    queryKey,
    request: "/bookings",
    select: (list: Booking[]) => [...underWay.toReversed(), ...list],
  });
}
