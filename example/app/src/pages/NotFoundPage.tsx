import type { ReactElement } from "react";
import { Link } from "react-router";

export function NotFoundPage(): ReactElement {
  return (
    <>
      <h1>There is no such path in the park</h1>
      <p>
        <Link to="/">Back to the rides</Link>
      </p>
    </>
  );
}
