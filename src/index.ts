/**
 * The session, its clients, the provider, the hooks and the options.
 *
 * @module react-authed-query
 */
export { createAuth } from "./createAuth.js";
export type { Auth, CreateAuthOptions, Credentials } from "./auth.js";
export type { AuthOptions } from "./options.js";
// oxlint-disable-next-line unicorn/require-module-specifiers -- it declares `skipAuth` for axios, and a bare import would be code
export type {} from "./http/authedAxios.js";
export type { AuthedFetch, AuthedFetchInit } from "./http/authedFetch.js";
export { AuthError, type AuthErrorCode, type AuthErrorDetails } from "./core/vocabulary/errors.js";
export type {
  AuthEvent,
  LogoutEvent,
  LogoutReason,
  RefreshCause,
  Verdict,
} from "./core/vocabulary/events.js";
export type { Register, User } from "./core/vocabulary/user.js";
export type { Claims } from "./core/token/accessToken.js";
export type { Identify } from "./core/token/identity.js";
export type { AuthState, AuthStatus } from "./core/session/authState.js";
export type { AuthAnswer } from "./core/authServer/authResult.js";
export type {
  Endpoint,
  EndpointContext,
  EndpointFunction,
  EndpointRequest,
} from "./core/authServer/endpoints.js";
export type { ReadSession, SessionData } from "./core/authServer/readSession.js";
export type { LoginFunction } from "./core/login/login.js";
export type { RefreshOn, RefreshOnAnswer } from "./core/request/refreshOn.js";
export { AuthProvider, type AuthProviderProps } from "./react/provider/AuthProvider.js";
export { RequireAuth, type RequireAuthProps } from "./react/context/RequireAuth.js";
export {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  type AuthedInfiniteQueryOptions,
  type AuthedQueryOptions,
} from "./react/query/authedQueryOptions.js";
export type { AuthedQueryContext, AuthedQuerySource } from "./react/query/authedQuerySource.js";
export {
  authedPersister,
  type PersistedClient,
  type Persister,
} from "./react/persistence/authedPersister.js";
export { useApi } from "./react/context/useApi.js";
export { useAuth, type UseAuthResult } from "./react/context/useAuth.js";
export {
  authedMutationOptions,
  type AuthedMutationContext,
  type AuthedMutationOptions,
} from "./react/mutation/authedMutationOptions.js";
export { useAuthedMutation } from "./react/mutation/useAuthedMutation.js";
export type { Parse, StandardSchema } from "./react/request/parseBody.js";
export { useAuthedQuery } from "./react/query/useAuthedQuery.js";
export type { AuthedRequest } from "./react/request/authedRequest.js";
