"use client";

// oxlint-disable typescript/no-unnecessary-type-parameters -- TMutationFn is inferred: from it the options tell whether there is a mutationFn.

import {
  useMutation,
  type DefaultError,
  type QueryClient,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useState } from "react";
import { internalsOf } from "../../authInternals.js";
import { useAuthedClient } from "../provider/useAuthedClient.js";
import { mutationThroughAuth, type AuthedMutationOptions } from "./authedMutationOptions.js";

/**
 * `useMutation` through the session: waits while it is loading, sends nothing while nobody is signed
 * in (`signed_out`), and never retries what a retry cannot cure. Called late, by what outlived the tree
 * of its user, it sends nothing (`session_ended`).
 *
 * ```tsx
 * const book = useAuthedMutation({
 *   request: (ride: Ride) => ({ url: "/bookings", data: { rideId: ride.id } }),
 * });
 * ```
 *
 * `parse`, a function or a Standard Schema, checks the body of the `request` and types the data, so
 * that no generic is needed. A body that it refuses is a `TypeError` that names the `mutationKey`, is
 * not retried, and holds nothing of the body. The server has done the work by then.
 *
 * ```tsx
 * const { mutate, data } = useAuthedMutation({
 *   request: (ride: Ride) => ({ url: "/bookings", data: { rideId: ride.id } }),
 *   parse: Receipt,
 * });
 * ```
 *
 * Takes options objects too, whole or spread with more: of `mutationOptions()`, of
 * {@link authedMutationOptions}, and of generators. Where an object has no `mutationFn`, the client's
 * default one for its key runs, given `api`.
 *
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuthedMutation<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
  TMutationFn = never,
>(
  options: AuthedMutationOptions<TData, TError, TVariables, TOnMutateResult, TMutationFn>,
  queryClient?: QueryClient,
): UseMutationResult<TData, TError, TVariables, TOnMutateResult>;
export function useAuthedMutation(options: object, queryClient?: QueryClient): unknown {
  const { auth, client } = useAuthedClient("useAuthedMutation", queryClient);
  const [whose] = useState(internalsOf(auth).userKey);
  return useMutation(mutationThroughAuth(auth, options, client, whose), client);
}
