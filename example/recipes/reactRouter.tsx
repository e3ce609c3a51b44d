import { QueryClient, useSuspenseQuery } from "@tanstack/react-query";
import {
  AuthError,
  authedQueryOptions,
  AuthProvider,
  RequireAuth,
  useAuth,
  type Auth,
} from "react-authed-query";
import { Suspense, useState, type ReactElement } from "react";
import {
  createBrowserRouter,
  Navigate,
  Outlet,
  redirect,
  RouterProvider,
  useLocation,
  useNavigate,
  useRevalidator,
  useSearchParams,
  type DataRouter,
  type MiddlewareFunction,
} from "react-router";
import { comeBackTo, loginPath } from "./comeBack.js";

/** React Router, 7.9 or later, with loaders: a route loads for a user who is signed in. */
export function createRouter(auth: Auth, queryClient: QueryClient): DataRouter {
  /** Runs before the loaders below it, so that none of them asks for anything in vain. */
  const signedIn: MiddlewareFunction = async ({ request }, next) => {
    const { isAuthenticated } = await auth.ready({ signal: request.signal });
    if (isAuthenticated) return next();
    // A request has no hash; the place that the person is going to has.
    const { navigation, location } = router.state;
    throw redirect(loginPath(navigation.location ?? location));
  };

  const router = createBrowserRouter([
    { path: "/login", element: <LoginPage /> },
    {
      middleware: [signedIn],
      element: <SignedIn />,
      // The API is down, and so is nobody known to be signed in or out.
      errorElement: <TryAgain />,
      hydrateFallbackElement: <p>One moment …</p>,
      children: [
        {
          path: "/orders",
          async loader() {
            // Not returned: what the router keeps of a page outlives a logout, the query cache does not.
            // Before TanStack Query 5.102: `ensureQueryData(ordersQuery(auth))`.
            await queryClient.query({ ...ordersQuery(auth), staleTime: "static" });
          },
          element: <OrdersPage auth={auth} />,
        },
      ],
    },
  ]);
  return router;
}

/** The router stands above: it survives a logout, what it shows does not. */
export function App(props: {
  auth: Auth;
  router: DataRouter;
  queryClient: QueryClient;
}): ReactElement {
  return (
    <AuthProvider auth={props.auth} queryClient={props.queryClient}>
      <RouterProvider router={props.router} />
    </AuthProvider>
  );
}

/** The middleware guards the way in; this guards the stay, when the session ends meanwhile. */
function SignedIn(): ReactElement {
  const place = useLocation();
  return (
    <RequireAuth
      pending={<p>One moment …</p>}
      fallback={<Navigate to={loginPath(place)} replace />}
    >
      <Suspense fallback={<p>One moment …</p>}>
        <Outlet />
      </Suspense>
    </RequireAuth>
  );
}

function LoginPage(): ReactElement {
  const { isAuthenticated, login } = useAuth();
  const next = comeBackTo(useSearchParams()[0].get("next"));
  const navigate = useNavigate();
  const [trouble, setTrouble] = useState("");
  if (isAuthenticated) return <Navigate to={next} replace />;

  async function signIn(form: FormData): Promise<void> {
    setTrouble("");
    try {
      await login({ email: form.get("email"), password: form.get("password") });
    } catch (error) {
      const isWrong = error instanceof AuthError && error.code === "login_failed";
      return setTrouble(isWrong ? "That was not right." : "That did not work. Try again.");
    }
    await navigate(next, { replace: true });
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
  const { revalidate } = useRevalidator();

  async function tryAgain(): Promise<void> {
    // It is tried by itself too, but a person does not wait for that.
    if (isLoading) await restore();
    await revalidate();
  }

  return <button onClick={() => void tryAgain().catch(() => {})}>No connection. Try again</button>;
}

const ordersQuery = (auth: Auth) =>
  authedQueryOptions<string[]>(auth, { queryKey: ["orders"], request: "/orders" });

function OrdersPage({ auth }: { auth: Auth }): ReactElement {
  const { logout } = useAuth();
  const { data } = useSuspenseQuery(ordersQuery(auth));
  return (
    <>
      <p>Orders: {data.join(", ")}</p>
      <button onClick={() => void logout()}>Sign out</button>
    </>
  );
}
