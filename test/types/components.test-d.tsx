import type { DehydratedState } from "@tanstack/react-query";
import {
  authedPersister,
  AuthProvider,
  createAuth,
  RequireAuth,
  type AuthError,
  type User,
} from "react-authed-query";
import { describe, expectTypeOf, test } from "vitest";

const auth = createAuth();

describe("<AuthProvider>", () => {
  test("takes an Auth, or the options of one", () => {
    <AuthProvider auth={auth} onLogout={({ reason }) => reason} />;
    <AuthProvider baseURL="/api" refreshOn={[401]} />;
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error both
    <AuthProvider auth={auth} baseURL="/api" />;
    // @ts-expect-error a misspelt option
    <AuthProvider baseUrl="/api" />;
  });
});

describe("<RequireAuth>", () => {
  test("takes nodes, a pending function and a check, typed", () => {
    <RequireAuth
      pending={(error, retry) => {
        expectTypeOf(error).toEqualTypeOf<AuthError | null>();
        return <button onClick={retry}>{error?.code}</button>;
      }}
      fallback="sign in"
      check={(user) => {
        expectTypeOf(user).toEqualTypeOf<User>();
        return true;
      }}
      denied={null}
      keepExpired
    >
      welcome
    </RequireAuth>;
  });

  test("what does not fit does not compile", () => {
    // @ts-expect-error nothing to show while loading
    <RequireAuth fallback="sign in" />;
    // @ts-expect-error nothing to show to a visitor
    <RequireAuth pending="one moment" />;
  });
});

test("a persister of TanStack's fits, and what is made of it is one", () => {
  // As @tanstack/query-persist-client-core declares it.
  type Promisable<Value> = Value | PromiseLike<Value>;
  interface TheirClient {
    timestamp: number;
    buster: string;
    clientState: DehydratedState;
  }
  interface TheirPersister {
    persistClient: (persistClient: TheirClient) => Promisable<void>;
    restoreClient: () => Promisable<TheirClient | undefined>;
    removeClient: () => Promisable<void>;
  }
  expectTypeOf<TheirPersister>().toExtend<Parameters<typeof authedPersister>[1]>();
  expectTypeOf<ReturnType<typeof authedPersister>>().toExtend<TheirPersister>();
});
