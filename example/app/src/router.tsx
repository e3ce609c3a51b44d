import { createBrowserRouter } from "react-router";
import { AdminsOnly } from "./components/AdminsOnly.js";
import { Layout } from "./components/Layout.js";
import { SignedIn } from "./components/SignedIn.js";
import { AccountPage } from "./pages/AccountPage.js";
import { AdminPage } from "./pages/AdminPage.js";
import { BookingsPage } from "./pages/BookingsPage.js";
import { CrashPage } from "./pages/CrashPage.js";
import { LoginPage } from "./pages/LoginPage.js";
import { NotFoundPage } from "./pages/NotFoundPage.js";
import { RidesPage } from "./pages/RidesPage.js";
import { ScenariosPage } from "./pages/ScenariosPage.js";
import { SignUpPage } from "./pages/SignUpPage.js";
import type { Runner } from "./scenarios/runner.js";

/** The pages, by their addresses. */
export function createParkRouter(runner: Runner): ReturnType<typeof createBrowserRouter> {
  return createBrowserRouter([
    {
      errorElement: <CrashPage />,
      children: [
        { path: "/login", element: <LoginPage /> },
        { path: "/signup", element: <SignUpPage /> },
        {
          element: (
            <SignedIn>
              <Layout />
            </SignedIn>
          ),
          children: [
            { index: true, element: <RidesPage /> },
            { path: "scenarios", element: <ScenariosPage runner={runner} /> },
            { path: "bookings", element: <BookingsPage /> },
            { path: "account", element: <AccountPage /> },
            {
              path: "admin",
              element: (
                <AdminsOnly>
                  <AdminPage />
                </AdminsOnly>
              ),
            },
            { path: "*", element: <NotFoundPage /> },
          ],
        },
      ],
    },
  ]);
}
