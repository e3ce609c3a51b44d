import { useAuth } from "react-authed-query";
import { useSyncExternalStore, type ReactElement } from "react";
import { NavLink, Outlet, useLocation } from "react-router";
import { Outage } from "./Outage.js";
import { takeFocus } from "./takeFocus.js";
import { isAdmin, usePerson } from "./usePerson.js";
import { Wheel } from "./Wheel.js";

/** What stands around every page of a signed-in person. */
export function Layout(): ReactElement {
  const { error, logout } = useAuth();
  const person = usePerson();
  const isOnline = useSyncExternalStore(subscribeToNetwork, () => navigator.onLine);
  const { pathname } = useLocation();
  // A refusal has a dialog of its own, and a refresh that cures nothing (401) was answered.
  const isKnownElsewhere = error?.code === "refused" || error?.status === 401;

  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <header className="bar">
        <NavLink className="brand" to="/">
          <Wheel />
          Lantern Park
        </NavLink>
        <nav aria-label="Main">
          <NavLink to="/" end>
            Rides
          </NavLink>
          <NavLink to="/scenarios">What if?</NavLink>
          <NavLink to="/bookings">Bookings</NavLink>
          {isAdmin(person) && <NavLink to="/admin">Office</NavLink>}
          <NavLink className="person" to="/account">
            {person?.name ?? "Account"}
          </NavLink>
        </nav>
        <button className="quiet" type="button" onClick={() => void logout()}>
          Sign out
        </button>
      </header>
      <div role="status" className="status">
        {isOnline ? (
          error && !isKnownElsewhere && <Outage error={error} />
        ) : (
          <p>You are offline. We go on as soon as the network is back.</p>
        )}
      </div>
      <main id="content" key={pathname} ref={takeFocus} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="foot">
        Lantern Park is the example of react-authed-query. A token lasts 30 seconds here, and nobody
        in the queue notices.
      </footer>
    </>
  );
}

function subscribeToNetwork(listener: () => void): () => void {
  addEventListener("online", listener);
  addEventListener("offline", listener);
  return () => {
    removeEventListener("online", listener);
    removeEventListener("offline", listener);
  };
}
