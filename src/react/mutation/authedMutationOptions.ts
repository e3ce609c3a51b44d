// oxlint-disable typescript/no-unnecessary-type-parameters -- TMutationFn is inferred: from it the options tell whether there is a mutationFn.

import type {
  DefaultError,
  MutationKey,
  QueryClient,
  UseMutationOptions,
} from "@tanstack/react-query";
import type { Auth } from "../../auth.js";
import { internalsOf } from "../../authInternals.js";
import { AuthError } from "../../core/vocabulary/errors.js";
import { retryUnlessFinal } from "../recovery/retryUnlessFinal.js";
import { asCaller } from "../request/asCaller.js";
import { assertOneSource, assertSignedIn, bodyOf, gated, isGated } from "../request/gate.js";
import { parseBody, type Parse } from "../request/parseBody.js";
import type { AuthedRequest, Remedy, WithApi } from "../request/authedRequest.js";

type TanStackContext =
  Parameters<NonNullable<UseMutationOptions["mutationFn"]>> extends [unknown, infer Given]
    ? Given
    : unknown;

/**
 * The context of a `mutationFn` of ours: the axios instance, and TanStack's own context where its
 * version gives one (5.89).
 */
export type AuthedMutationContext = WithApi & TanStackContext;

/**
 * Every option of `useMutation`, with `request` or `mutationFn`. Never both. `TMutationFn` is inferred
 * from a `mutationFn` that may be missing, as in TanStack's options objects.
 */
export type AuthedMutationOptions<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
  TMutationFn = never,
> = Omit<UseMutationOptions<TData, TError, TVariables, TOnMutateResult>, "mutationFn"> &
  (
    | {
        /** A URL or an axios request config, whose response body is the data. `POST` if it names no method. */
        request: (variables: TVariables) => AuthedRequest;
        /** Checks the response body, and types the data. */
        parse?: Parse<TData> | undefined;
        mutationFn?:
          | Remedy<"Give `request` (which `parse` may check) or `mutationFn`, not both.">
          | undefined;
      }
    | MutationFnInsteadOfRequest<AuthedMutationFn<TData, TVariables>>
    | ([TMutationFn] extends [never]
        ? { request: Remedy<"Give `request` (a function of the variables) or `mutationFn`."> }
        : Partial<MutationFnInsteadOfRequest<TMutationFn | AuthedMutationFn<TData, TVariables>>>)
  );

interface MutationFnInsteadOfRequest<TMutationFn> {
  mutationFn: TMutationFn;
  request?:
    | Remedy<"Give `request` (which `parse` may check) or `mutationFn`, not both.">
    | undefined;
  parse?: Remedy<"Give `request` (which `parse` may check) or `mutationFn`, not both."> | undefined;
}

type AuthedMutationFn<TData, TVariables> = (
  variables: TVariables,
  context: AuthedMutationContext,
) => Promise<TData>;

/**
 * `mutationOptions` for a mutation through the session: for `useMutation`, `setMutationDefaults`, and
 * resuming what was paused offline. While the session is loading it waits; signed out it rejects with
 * `signed_out` and sends nothing. `retry` is the client's if omitted, else none; a client's own default
 * is known from TanStack Query 5.89 on.
 *
 * A client under an `AuthProvider` notes in the `meta` of a stored mutation whose it is. It is resumed
 * for the same user; for anyone else it ends unsent, and so does one of a user whom neither profile
 * nor claims name. Only `useAuthedMutation` is bound to the user for whom a component is rendered.
 *
 * ```ts
 * const book = authedMutationOptions(auth, {
 *   mutationKey: ["book"],
 *   request: (ride: Ride) => ({ url: "/bookings", data: { rideId: ride.id } }),
 *   parse: Receipt,
 * });
 * client.setMutationDefaults(book.mutationKey, book); // resumes what was paused, after a reload too
 * ```
 */
export function authedMutationOptions<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
  TMutationFn = never,
>(
  auth: Auth,
  options: AuthedMutationOptions<TData, TError, TVariables, TOnMutateResult, TMutationFn> & {
    mutationKey: MutationKey;
  },
): UseMutationOptions<TData, TError, TVariables, TOnMutateResult> & { mutationKey: MutationKey };
export function authedMutationOptions<
  TData = unknown,
  TError = DefaultError,
  TVariables = void,
  TOnMutateResult = unknown,
  TMutationFn = never,
>(
  auth: Auth,
  options: AuthedMutationOptions<TData, TError, TVariables, TOnMutateResult, TMutationFn>,
): UseMutationOptions<TData, TError, TVariables, TOnMutateResult>;
export function authedMutationOptions(auth: Auth, options: object): unknown {
  return mutationThroughAuth(auth, options);
}

type AnyOptions = UseMutationOptions<unknown, Error, unknown>;

/** The options of any mutation. */
export interface MutationSource extends Omit<AnyOptions, "mutationFn"> {
  request?: ((variables: unknown) => AuthedRequest) | undefined;
  parse?: Parse<unknown> | undefined;
  mutationFn?:
    | ((variables: unknown, context: AuthedMutationContext) => Promise<unknown>)
    | undefined;
}

/**
 * The options of a mutation that goes through the session.
 *
 * @param client - whose defaults count; the asking one if omitted.
 * @param whose - for whom they are rendered; for anyone if omitted.
 */
export function mutationThroughAuth(
  auth: Auth,
  options: MutationSource,
  client?: QueryClient,
  whose?: number,
): AnyOptions {
  const { request, parse, mutationFn, ...rest } = options;
  const {
    onMutate,
    retry,
    mutationFn: clientsFn,
  }: AnyOptions = client ? client.defaultMutationOptions<AnyOptions>(rest) : rest;
  const run = mutationFn ?? (request ? undefined : clientsFn);
  let asking = client;
  return {
    ...rest,
    ...(whose && {
      onMutate(...given: Parameters<NonNullable<typeof onMutate>>) {
        // A timer or a closure may outlive the tree, and must not save as the next user, nor pretend to.
        if (internalsOf(auth).userKey() !== whose) throw new AuthError("session_ended");
        return onMutate?.(...given);
      },
    }),
    mutationFn: gated(async (variables: unknown, context: TanStackContext) => {
      const api = asCaller(auth, auth.api);
      // Before 5.89 TanStack Query gives no context.
      asking ??= context?.client;
      // TanStack Query names no mutation here; that of another call with the same variables waits too.
      const retried = asking?.getMutationCache().find({
        predicate: ({ state }) =>
          state.status === "pending" && state.variables === variables && !!state.failureReason,
      });
      assertOneSource(run, request ?? parse, rest.mutationKey);
      if (!isGated(run)) await assertSignedIn(auth, undefined, retried?.state.failureReason);
      if (run) return run(variables, { ...context, api });
      const body = await bodyOf(api, request?.(variables), { method: "post" });
      return parseBody(parse, body, rest.mutationKey);
    }),
    retry: retryUnlessFinal(() => retry ?? asking?.getDefaultOptions().mutations?.retry ?? 0),
  };
}
