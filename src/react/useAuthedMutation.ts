"use client";

import {
  useMutation,
  type DefaultError,
  type QueryClient,
  type UseMutationOptions,
  type UseMutationResult,
} from "@tanstack/react-query";
import { useState } from "react";
import { AuthError } from "../core/vocabulary/errors.js";
import { internalsOf } from "../authInternals.js";
import { retryUnlessFinal } from "./retryUnlessFinal.js";
import type { AuthedRequest, WithApi } from "./querySource.js";
import { assertSignedIn, bodyOf } from "./throughAuth.js";
import { useApi } from "./useApi.js";
import { useAuthedClient } from "./useAuthedClient.js";

/**
 * What a `mutationFn` of {@link useAuthedMutation} is given: the axios instance, and TanStack's
 * context where its version gives one (5.89).
 */
export type AuthedMutationContext = WithApi &
  (Parameters<NonNullable<UseMutationOptions["mutationFn"]>> extends [unknown, infer Context]
    ? Context
    : unknown);

/** Every option of `useMutation`, with `request` or `mutationFn`. Never both. */
export type AuthedMutationOptions<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
> = Omit<UseMutationOptions<TData, TError, TVariables, TOnMutateResult>, "mutationFn"> &
  (
    | {
        /** A URL or an axios request config, whose response body is the data. `POST` if it names no method. */
        request: (variables: TVariables) => AuthedRequest;
        mutationFn?: never;
      }
    | {
        mutationFn: (variables: TVariables, context: AuthedMutationContext) => Promise<TData>;
        request?: never;
      }
  );

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
 * @throws Error without an `<AuthProvider>` above.
 */
export function useAuthedMutation<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
>(
  options: AuthedMutationOptions<TData, TError, TVariables, TOnMutateResult>,
  queryClient?: QueryClient,
): UseMutationResult<TData, TError, TVariables, TOnMutateResult> {
  const { auth, client } = useAuthedClient("useAuthedMutation", queryClient);
  const { request, mutationFn, ...rest } = options;
  const { onMutate, retry } = client.defaultMutationOptions(rest);
  const { userKey } = internalsOf(auth);
  const [whose] = useState(userKey);
  const api = useApi();
  return useMutation(
    {
      ...rest,
      onMutate(...given: Parameters<NonNullable<typeof onMutate>>) {
        // A timer or a closure may outlive the tree, and must not save as the next user, nor pretend to.
        if (userKey() !== whose) throw new AuthError("session_ended");
        // Without the app's, what it returns is nothing to anyone.
        return onMutate?.(...given) as TOnMutateResult;
      },
      async mutationFn(variables, context) {
        // TanStack Query names no mutation here; that of another call with the same variables waits too.
        const retried = client.getMutationCache().find({
          predicate: ({ state }) =>
            state.status === "pending" && state.variables === variables && !!state.failureReason,
        });
        await assertSignedIn(auth, undefined, retried?.state.failureReason);
        if (mutationFn) return mutationFn(variables, { ...context, api });
        // What the server answers is the type that the app says.
        return bodyOf(api, request(variables), { method: "post" }) as Promise<TData>;
      },
      retry: retryUnlessFinal(() => retry ?? 0),
    },
    client,
  );
}
