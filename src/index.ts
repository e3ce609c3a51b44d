export { createAuth, type Auth, type CreateAuthOptions, type Credentials } from "./createAuth.js";
// oxlint-disable-next-line unicorn/require-module-specifiers -- it declares `skipAuth` for axios, and a bare import would be code
export type {} from "./http/authedAxios.js";
export type { AuthedFetch, AuthedFetchInit } from "./http/authedFetch.js";
export { AuthError, type AuthErrorCode, type AuthErrorDetails } from "./core/vocabulary/errors.js";
export type { AuthOptions } from "./core/options.js";
export type { AuthState, AuthStatus } from "./core/session/session.js";
export type { LogoutEvent, LogoutReason } from "./core/vocabulary/events.js";
export type { Register, User } from "./core/vocabulary/user.js";
export type {
  Endpoint,
  EndpointContext,
  EndpointFunction,
  EndpointRequest,
} from "./core/authServer/endpoints.js";
export type { LoginFunction } from "./core/login/signIn.js";
export type { ReadSession, SessionData } from "./core/authServer/readSession.js";
export type { Identify } from "./core/token/identity.js";
export type { Claims } from "./core/token/accessToken.js";
export type { RefreshOn, RefreshQuestion } from "./core/request/sendAuthorized.js";
export type { AuthAnswer } from "./core/authServer/verdict.js";
export type { Verdict } from "./core/vocabulary/events.js";
export type { AuthEvent, RefreshCause } from "./core/vocabulary/events.js";
export { AuthProvider, type AuthProviderProps } from "./react/AuthProvider.js";
export { RequireAuth, type RequireAuthProps } from "./react/RequireAuth.js";
export {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  type AuthedInfiniteQueryOptions,
  type AuthedQueryOptions,
} from "./react/authedQueryOptions.js";
export type { AuthedQueryContext, AuthedQuerySource } from "./react/authedQuerySource.js";
export { authedPersister, type PersistedClient, type Persister } from "./react/authedPersister.js";
export { useApi } from "./react/useApi.js";
export { useAuth, type UseAuthResult } from "./react/useAuth.js";
export {
  authedMutationOptions,
  type AuthedMutationContext,
  type AuthedMutationOptions,
} from "./react/authedMutationOptions.js";
export { useAuthedMutation } from "./react/useAuthedMutation.js";
export type { Parse, StandardSchema } from "./react/parseBody.js";
export { useAuthedQuery } from "./react/useAuthedQuery.js";
export type { AuthedRequest } from "./react/throughAuth.js";
