export { createAuth, type Auth, type CreateAuthOptions, type Credentials } from "./createAuth.js";
export type { AuthedFetch, AuthedFetchInit } from "./http/authedFetch.js";
export { AuthError, type AuthErrorCode, type AuthErrorDetails } from "./core/errors.js";
export type { AuthOptions } from "./core/options.js";
export type {
  AuthState,
  AuthStatus,
  LogoutEvent,
  LogoutReason,
  Register,
  User,
} from "./core/session.js";
export type {
  Endpoint,
  EndpointContext,
  EndpointFunction,
  EndpointRequest,
} from "./core/authServer.js";
export type { LoginFunction } from "./core/signIn.js";
export type { ReadSession, SessionData } from "./core/readSession.js";
export type { Identify } from "./core/identity.js";
export type { Claims } from "./core/accessToken.js";
export type { RefreshOn, RefreshQuestion } from "./core/authorizedSend.js";
export type { AuthAnswer, Verdict } from "./core/verdict.js";
export type { AuthEvent, RefreshCause } from "./core/events.js";
export { AuthProvider, type AuthProviderProps } from "./react/AuthProvider.js";
export { RequireAuth, type RequireAuthProps } from "./react/RequireAuth.js";
export {
  authedInfiniteQueryOptions,
  authedQueryOptions,
  type AuthedInfiniteQueryOptions,
  type AuthedQueryContext,
  type AuthedQueryOptions,
  type AuthedQuerySource,
} from "./react/authedQueryOptions.js";
export { authedPersister, type PersistedClient, type Persister } from "./react/authedPersister.js";
export { useApi } from "./react/useApi.js";
export { useAuth, type UseAuthResult } from "./react/useAuth.js";
export {
  useAuthedMutation,
  type AuthedMutationContext,
  type AuthedMutationOptions,
} from "./react/useAuthedMutation.js";
export { useAuthedQuery } from "./react/useAuthedQuery.js";
export type { AuthedRequest } from "./react/throughAuth.js";
