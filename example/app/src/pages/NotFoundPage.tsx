import type { ReactElement } from "react";
import { Link } from "react-router";
import { Heading } from "../components/Heading.js";

export function NotFoundPage(): ReactElement {
  return (
    <>
      <Heading>There is no such path in the park</Heading>
      <p>
        <Link to="/">Back to the rides</Link>
      </p>
    </>
  );
}
