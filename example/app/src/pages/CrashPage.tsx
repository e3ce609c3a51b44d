import type { ReactElement } from "react";
import { Heading } from "../components/Heading.js";
import { Wheel } from "../components/Wheel.js";

/** What is left when a component throws. */
export function CrashPage(): ReactElement {
  return (
    <main className="opening" role="alert">
      <Wheel />
      <Heading>This ride has stopped</Heading>
      <p>Something broke on our side. Your bookings are safe.</p>
      <button type="button" onClick={() => location.reload()}>
        Start it again
      </button>
    </main>
  );
}
