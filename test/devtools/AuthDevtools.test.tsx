import { act, fireEvent, render, waitFor, within } from "@testing-library/react";
import { AuthProvider, createAuth, type Auth } from "react-authed-query";
import { AuthDevtools, AuthDevtoolsPanel, authDevtoolsPlugin } from "react-authed-query/devtools";
import * as inProduction from "react-authed-query/devtools/production";
import { StrictMode } from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { ignoreRenderErrors } from "../support/expectWarning.js";
import { frameIn, openDevtools, renderDevtools, shadowRootIn } from "../support/openDevtools.js";
import { renderWithAuth } from "../support/renderWithAuth.js";
import { setup } from "../support/setup.js";
import { takeAway } from "../support/takeAway.js";

describe("the button", () => {
  test("opens the panel and closes it, and the focus goes along", async () => {
    const { devtools } = await openDevtools({ props: { initialIsOpen: false } });
    const opener = devtools.getByRole("button", { name: "Auth devtools", expanded: false });
    fireEvent.click(opener);
    expect(devtools.getByRole("heading", { name: "Access token" })).toBeDefined();
    const close = devtools.getByRole("button", { name: "Close", expanded: true });
    expect(shadowFocus()).toBe(close);
    fireEvent.click(close);
    expect(devtools.queryByRole("heading")).toBeNull();
    expect(shadowFocus()).toBe(devtools.getByRole("button", { name: "Auth devtools" }));
  });

  test("is closed by Escape, which no shortcut of the page hears, nor any other key", async () => {
    const heard = vi.fn<(event: KeyboardEvent) => void>();
    document.addEventListener("keydown", heard);
    onTestFinished(() => document.removeEventListener("keydown", heard));
    const { devtools } = await openDevtools();
    const filter = devtools.getByRole("searchbox");
    fireEvent.keyDown(filter, { key: "k" });
    fireEvent.change(filter, { target: { value: "x" } });
    fireEvent.keyDown(filter, { key: "Escape" });
    expect(devtools.getByRole("searchbox")).toBe(filter);
    fireEvent.change(filter, { target: { value: "" } });
    fireEvent.keyDown(filter, { key: "Escape" });
    expect(devtools.queryByRole("searchbox")).toBeNull();
    expect(heard).not.toHaveBeenCalled();
  });

  test("takes no focus away by being there, open or closed", async () => {
    const { auth } = await openDevtools();
    renderDevtools(auth, { initialIsOpen: false });
    expect(shadowFocus() ?? null).toBeNull();
  });

  test("and the panel stay as they are when a provider renders anew what is in it", async () => {
    const { server, auth } = await setup();
    const { container } = renderWithAuth(auth, <AuthDevtools />);
    fireEvent.click(panelIn(container).getByRole("button"));
    // The focus that the button passed on has arrived.
    await act(async () => {});
    fireEvent.change(panelIn(container).getByRole("searchbox"), { target: { value: "session" } });
    const logOut = panelIn(container).getByRole("button", { name: "Log out" });
    logOut.focus();
    fireEvent.click(logOut);
    await waitFor(() => expect(panelIn(container).getByText("Logged out.")).toBeDefined());
    expect(logOut.isConnected).toBe(false);
    expect(shadowFocus()).toBe(panelIn(container).getByRole("button", { name: "Close" }));
    expect(panelIn(container).getByRole("searchbox")).toHaveProperty("value", "session");
    expect(panelIn(container).getByRole("button", { name: /^Session: ended/ })).toBeDefined();
    server.tokens.claims = { sub: "u2", name: "Bob" };
    await act(() => auth.login({ password: "right" }));
    expect(panelIn(container).getByText(/: Bob/)).toBeDefined();
  });

  test.each(["top-left", "top-right", "bottom-left", "bottom-right", "relative"] as const)(
    "floats %s",
    async (buttonPosition) => {
      const { devtools } = await openDevtools({ props: { initialIsOpen: false, buttonPosition } });
      expect(devtools.getByRole("button").classList).toContain(buttonPosition);
    },
  );
});

test("the panel shows its timeline in an engine whose arrays have no `at`, as Safari 15.0", async () => {
  takeAway([Array.prototype, "at"]);
  const { devtools } = await openDevtools();
  expect(devtools.getByRole("button", { name: /^Session: started/ })).toBeDefined();
});

describe("the Auth", () => {
  test("is the nearest provider's if none is given", async () => {
    const { auth } = await setup();
    const { container } = render(
      <AuthProvider auth={auth}>
        <AuthDevtools initialIsOpen />
      </AuthProvider>,
    );
    expect(frameIn(shadowRootIn(container)).textContent).toContain("authenticated: Ada");
  });

  test("is missed with the remedy where there is neither", () => {
    ignoreRenderErrors();
    expect(() => render(<AuthDevtoolsPanel />)).toThrow(
      "AuthDevtoolsPanel needs an <AuthProvider> above it.",
    );
  });

  test("may be another one later, and then only that is shown", async () => {
    const [one, two] = [await setup(), await setup({ signedIn: false })];
    const page = (auth: Auth) => <AuthDevtools auth={auth} initialIsOpen />;
    const { container, rerender } = render(page(one.auth));
    expect(frameIn(shadowRootIn(container)).textContent).toContain("Sessions seen here: 1.");
    rerender(page(two.auth));
    const frame = frameIn(shadowRootIn(container));
    await waitFor(() => expect(frame.textContent).toContain("No session."));
    expect(frame.textContent).toContain("loading");
  });
});

describe("while it is closed", () => {
  test("there is one listener and nothing else: no timer, no subscription", async () => {
    const { auth } = await setup();
    const counts = { events: 0, states: 0 };
    const counted: Auth = {
      ...auth,
      onEvent: (...given) => count("events", auth.onEvent(...given)),
      subscribe: (listener) => count("states", auth.subscribe(listener)),
    };
    function count(name: keyof typeof counts, stop: () => void): () => void {
      counts[name] += 1;
      return () => {
        counts[name] -= 1;
        stop();
      };
    }
    const timeouts = vi.spyOn(globalThis, "setTimeout");
    const intervals = vi.spyOn(globalThis, "setInterval");
    onTestFinished(() => void vi.restoreAllMocks());
    const { devtools } = renderDevtools(counted, { initialIsOpen: false });
    timeouts.mockClear();
    auth.expireToken();
    expect(timeouts).not.toHaveBeenCalled();
    expect(intervals).not.toHaveBeenCalled();
    expect(counts).toEqual({ events: 1, states: 0 });
    fireEvent.click(devtools.getByRole("button"));
    expect(counts).toEqual({ events: 1, states: 1 });
    expect(intervals).toHaveBeenCalledTimes(2);
    const cleared = vi.spyOn(globalThis, "clearInterval");
    fireEvent.click(devtools.getByRole("button", { name: "Close" }));
    expect(counts).toEqual({ events: 1, states: 0 });
    expect(cleared).toHaveBeenCalledTimes(1);
  });

  test("it notes what happens, for when it opens", async () => {
    const { auth, devtools, text } = await openDevtools({ props: { initialIsOpen: false } });
    await auth.api.get("/rides");
    fireEvent.click(devtools.getByRole("button"));
    expect(
      devtools.getByRole("button", { name: /GET \/rides: sent at .*answered 200/ }),
    ).toBeDefined();
    expect(text()).toContain("1 request, 0 refreshes, 0 replays");
  });

  test("and before it was there at all: the panel opens with what happened", async () => {
    const { auth } = await setup();
    await auth.api.get("/rides");
    const { text } = renderDevtools(auth);
    expect(text()).toContain("GET /rides");
    expect(text()).toContain("1 request, 0 refreshes, 0 replays");
  });
});

describe("the styles", () => {
  test("are in the shadow root, and nothing is added to the page", async () => {
    const { auth } = await setup();
    const before = document.head.innerHTML;
    const { container, unmount } = render(<AuthDevtools auth={auth} styleNonce="n0nce" />);
    const root = shadowRootIn(container);
    expect(document.head.innerHTML).toBe(before);
    // jsdom has no constructed style sheets.
    expect(root.querySelectorAll("style")).toHaveLength(1);
    expect(root.querySelector("style")?.nonce).toBe("n0nce");
    unmount();
    expect(root.querySelectorAll("style")).toHaveLength(0);
  });

  test("are in the shadow root that is given, and gone with the devtools", async () => {
    const { auth } = await setup();
    const target = document.body
      .appendChild(document.createElement("div"))
      .attachShadow({ mode: "open" });
    const page = <AuthDevtools auth={auth} shadowDOMTarget={target} initialIsOpen />;
    const { container, unmount } = render(<StrictMode>{page}</StrictMode>);
    expect(container.innerHTML).toBe("");
    expect(frameIn(target).textContent).toContain("Access token");
    expect(target.querySelectorAll("style")).toHaveLength(1);
    unmount();
    expect(target.innerHTML).toBe("");
  });
});

describe("elsewhere", () => {
  test("a server renders its place only, and hydration fills it", async () => {
    const { auth } = await setup();
    const page = <AuthDevtools auth={auth} initialIsOpen />;
    const html = renderToString(page);
    expect(html).toBe('<div data-authed-devtools=""></div>');
    const container = document.body.appendChild(document.createElement("div"));
    container.innerHTML = html;
    const root = await act(async () => hydrateRoot(container, page));
    expect(frameIn(shadowRootIn(container)).textContent).toContain("authenticated");
    act(() => root.unmount());
  });

  test("the panel stands alone, without a button that closes it", async () => {
    const { auth } = await setup();
    const { container } = render(<AuthDevtoolsPanel auth={auth} />);
    const panel = within(frameIn(shadowRootIn(container)));
    expect(panel.getByRole("region", { name: "Auth devtools" })).toBeDefined();
    expect(panel.queryByRole("button", { name: "Close" })).toBeNull();
  });

  test("TanStack Devtools are given the panel as a plugin", async () => {
    const { auth } = await setup();
    const plugin = authDevtoolsPlugin(auth);
    expect(plugin).toMatchObject({ id: "react-authed-query", name: "Auth" });
    const { container } = render(plugin.render);
    expect(frameIn(shadowRootIn(container)).textContent).toContain("Access token");
  });
});

describe("in production", () => {
  test("there is nothing, unless `/devtools/production` is imported", async () => {
    vi.stubEnv("NODE_ENV", "production");
    vi.resetModules();
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.resetModules();
    });
    const built = await import("react-authed-query/devtools");
    const auth = createAuth();
    onTestFinished(() => auth.dispose());
    const { container } = render(
      <>
        <built.AuthDevtools auth={auth} initialIsOpen />
        <built.AuthDevtoolsPanel auth={auth} />
        {built.authDevtoolsPlugin(auth).render}
      </>,
    );
    expect(container.innerHTML).toBe("");
    render(<inProduction.AuthDevtools auth={auth} />);
    expect(shadowRootIn(document.body)).toBeDefined();
  });
});

/** What the devtools in the element show. */
function panelIn(container: HTMLElement): ReturnType<typeof within> {
  return within(frameIn(shadowRootIn(container)));
}

/** What has the focus in the devtools. */
function shadowFocus(): Element | null | undefined {
  return document.activeElement?.shadowRoot?.activeElement;
}
