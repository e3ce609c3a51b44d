import { AuthProvider, createAuth } from "react-authed-query";
import { AuthDevtools } from "react-authed-query/devtools/production";
import { createRoot } from "react-dom/client";

/** A page with the devtools in a corner, built as for production. */
globalThis.auth = createAuth();

const place = document.createElement("div");
document.body.append(place);
createRoot(place).render(
  <AuthProvider auth={auth}>
    <main>
      <h1>A page</h1>
      <p>
        <label>
          Name <input />
        </label>
      </p>
    </main>
    <AuthDevtools />
  </AuthProvider>,
);
