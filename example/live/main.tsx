// The quick start on a server that msw mocks in the browser, with the devtools beside it.
import { http, HttpResponse } from "msw";
import { setupWorker } from "msw/browser";
import { AuthDevtoolsPanel } from "react-authed-query/devtools/production";
import { createRoot } from "react-dom/client";
import { createAuthHandlers, type MockSession } from "../recipes/mswHandlers.js";

const ada = { id: "u1", name: "Ada", email: "ada@example.com", password: "right" };

async function start(): Promise<void> {
  // A server remembers its sessions when the page is reloaded.
  const kept = localStorage.getItem("sessions") ?? "[]";
  const sessions = new Map(JSON.parse(kept) as [string, MockSession][]);
  addEventListener("pagehide", () => {
    localStorage.setItem("sessions", JSON.stringify([...sessions]));
  });

  const { handlers, userOf, revokeAll } = createAuthHandlers([ada], { expiresIn: 30, sessions });
  const orders = http.get("*/api/orders", ({ request }) =>
    userOf(request)
      ? HttpResponse.json(["boots", "a lamp"])
      : new HttpResponse(null, { status: 401 }),
  );
  const worker = setupWorker(...handlers, orders);
  await worker.start({ serviceWorker: { url: "mockServiceWorker.js" }, quiet: true });

  // They send their first request when they are imported.
  const { auth } = await import("../quickStart/auth.js");
  createRoot(elementOf("devtools")).render(<AuthDevtoolsPanel auth={auth} />);
  await import("../quickStart/main.js");

  const forgetTokens = () => {
    for (const session of sessions.values()) session.accessToken = "";
  };
  createRoot(elementOf("server")).render(
    <>
      <button onClick={() => void auth.api.get("/orders").catch(() => {})}>Send a request</button>
      <button onClick={forgetTokens}>Refuse the token from now on</button>
      <button onClick={revokeAll}>End the session</button>
    </>,
  );
}

function elementOf(id: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`#${id}`);
  if (!element) throw new Error(`The page has no #${id}.`);
  return element;
}

// msw keeps its cookies tab by tab, unlike a browser: two tabs would spend the same refresh token.
void navigator.locks.request("live", { ifAvailable: true }, async (lock) => {
  const root = elementOf("root");
  if (!lock) {
    root.textContent = "The quick start runs in another tab.";
    return;
  }
  try {
    await start();
  } catch (error) {
    root.textContent = `The quick start needs a service worker: ${String(error)}`;
  }
  await new Promise(() => {});
});
