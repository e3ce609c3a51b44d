"use client";

import { QueryClient } from "@tanstack/react-query";
import { useState, type ReactElement, type ReactNode } from "react";
import { AuthProvider, type LogoutEvent } from "../index.js";
import type { TestAuth } from "./testAuth.js";

/** The props of `<TestAuthProvider>`. */
export interface TestAuthProviderProps {
  /** Made by `createTestAuth`. */
  auth: TestAuth;
  /** Called once for each session that ends. */
  onLogout?: ((event: LogoutEvent) => void) | undefined;
  /** If omitted, one that does not retry and keeps no timers. */
  queryClient?: QueryClient | undefined;
  /** The components under test. */
  children?: ReactNode;
}

/**
 * `<AuthProvider>` for tests and stories, with a query client of its own: a failure shows at once, and
 * nothing is left running after the test.
 */
export function TestAuthProvider(props: TestAuthProviderProps): ReactElement {
  const [ownClient] = useState(createClient);
  return <AuthProvider {...props} queryClient={props.queryClient ?? ownClient} />;
}

function createClient(): QueryClient {
  const forTests = { retry: false, gcTime: Infinity };
  return new QueryClient({ defaultOptions: { queries: forTests, mutations: forTests } });
}
