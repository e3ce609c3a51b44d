import { QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  Outlet,
  redirect,
  RouterProvider,
  useRouter,
  type AnyRouter,
} from "@tanstack/react-router";
import {
  AuthError,
  authedQueryOptions,
  AuthProvider,
  RequireAuth,
  useAuth,
  type Auth,
} from "react-authed-query";
import { useEffect, useState, type ReactElement } from "react";
import { comeBackTo } from "./comeBack.js";

/** What every route is given. The `Auth` is the same for good, so the context never needs renewing. */
interface RouterContext {
  auth: Auth;
  queryClient: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()();

/** Has no path: it stands above the routes that are for someone who is signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: "signed-in",
  // Runs before the loaders below it, so that none of them asks for anything in vain.
  async beforeLoad({ context: { auth }, abortController, location }) {
    const { isAuthenticated } = await auth.ready({ signal: abortController.signal });
    if (!isAuthenticated) throw redirect({ to: "/login", search: { next: location.href } });
  },
  component: SignedIn,
  // The API is down, and so is nobody known to be signed in or out.
  errorComponent: TryAgain,
});

const orders = createRoute({
  getParentRoute: () => signedIn,
  path: "/orders",
  async loader({ context: { auth, queryClient } }) {
    // Not returned: what the router keeps of a page outlives a logout, the query cache does not.
    // Before TanStack Query 5.102: `ensureQueryData(ordersQuery(auth))`.
    await queryClient.query({ ...ordersQuery(auth), staleTime: "static" });
  },
  component: OrdersPage,
});

const loginRoute = createRoute({
  getParentRoute: () => root,
  path: "/login",
  // Search params are read as JSON where they can be (`?next=5` is a number), and what is left out
  // here is handed on unread.
  validateSearch: ({ next }): { next: string | undefined } => ({
    next: typeof next === "string" ? next : undefined,
  }),
  beforeLoad({ context: { auth }, search: { next } }) {
    if (auth.getState().isAuthenticated) throw redirect({ href: comeBackTo(next ?? null) });
  },
  component: LoginPage,
});

const routeTree = root.addChildren([signedIn.addChildren([orders]), loginRoute]);

/** TanStack Router with loaders: what a route loads, it loads for someone who is signed in. */
export function createAppRouter(auth: Auth, queryClient: QueryClient): AnyRouter {
  return createRouter({
    routeTree,
    context: { auth, queryClient },
    defaultPendingComponent: OneMoment,
  });
}

/** The router stands above: it survives a logout, what it shows does not. */
export function App(props: {
  auth: Auth;
  router: AnyRouter;
  queryClient: QueryClient;
}): ReactElement {
  return (
    <AuthProvider auth={props.auth} queryClient={props.queryClient}>
      <RouterProvider router={props.router} />
    </AuthProvider>
  );
}

/** `beforeLoad` guards the way in; this guards the stay, when the session ends meanwhile. */
function SignedIn(): ReactElement {
  return (
    <RequireAuth pending={<OneMoment />} fallback={<AskAgain />}>
      <Outlet />
    </RequireAuth>
  );
}

/** Has `beforeLoad` run once more, which knows where to go. */
function AskAgain(): ReactElement {
  const router = useRouter();
  useEffect(() => void router.invalidate(), [router]);
  return <OneMoment />;
}

function LoginPage(): ReactElement {
  const { isAuthenticated, login } = useAuth();
  const [trouble, setTrouble] = useState("");
  if (isAuthenticated) return <AskAgain />;

  async function signIn(form: FormData): Promise<void> {
    setTrouble("");
    try {
      await login({ email: form.get("email"), password: form.get("password") });
    } catch (error) {
      const isWrong = error instanceof AuthError && error.code === "login_failed";
      setTrouble(isWrong ? "That was not right." : "That did not work. Try again.");
    }
  }

  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void signIn(new FormData(event.currentTarget));
      }}
    >
      <input name="email" type="email" aria-label="E-mail" autoComplete="username" />
      <input
        name="password"
        type="password"
        aria-label="Password"
        autoComplete="current-password"
      />
      <button>Sign in</button>
      <p role="alert">{trouble}</p>
    </form>
  );
}

function TryAgain(): ReactElement {
  const { isLoading, restore } = useAuth();
  const router = useRouter();

  async function tryAgain(): Promise<void> {
    // It is tried by itself too, but a person does not wait for that.
    if (isLoading) await restore();
    await router.invalidate();
  }

  return <button onClick={() => void tryAgain().catch(() => {})}>No connection. Try again</button>;
}

function OneMoment(): ReactElement {
  return <p>One moment …</p>;
}

const ordersQuery = (auth: Auth) =>
  authedQueryOptions<string[]>(auth, { queryKey: ["orders"], request: "/orders" });

function OrdersPage(): ReactElement {
  const { auth } = orders.useRouteContext();
  const { data } = useSuspenseQuery(ordersQuery(auth));
  return (
    <>
      <p>Orders: {data.join(", ")}</p>
      <button onClick={() => void auth.logout()}>Sign out</button>
    </>
  );
}
