import type { ReactElement } from "react";
import { Link } from "react-router";
import { Heading } from "../components/Heading.js";
import { usePerson } from "../components/usePerson.js";

/** The page is there, but not for this person. */
export function DeniedPage(): ReactElement {
  return (
    <>
      <Heading>This gate is for the park's staff</Heading>
      <p>
        You are signed in as {usePerson()?.email}, and that is a visitor's ticket. Whoever has the
        role “admin” comes in.
      </p>
      <p>
        <Link to="/">Back to the rides</Link>
      </p>
    </>
  );
}
