import { act, fireEvent, waitFor, within } from "@testing-library/react";
import type { AuthEvent } from "react-authed-query";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { answer, drop } from "../support/answers.js";
import { failure } from "../support/failure.js";
import { expectWarning } from "../support/expectWarning.js";
import { openDevtools, renderDevtools, type Devtools } from "../support/openDevtools.js";
import { setup } from "../support/setup.js";

const refreshes = "POST /auth/refresh";

/** What the part of the panel under this heading shows. */
function card({ devtools }: Pick<Devtools, "devtools">, name: string): string {
  return devtools.getByRole("region", { name }).textContent ?? "";
}

/** Does something of which the panel hears, and moves the clock to where it renders that. */
async function soon(work: () => Promise<unknown>): Promise<void> {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    await act(async () => {
      await work();
      await vi.advanceTimersByTimeAsync(50);
    });
  } finally {
    vi.useRealTimers();
  }
}

function press({ devtools }: Pick<Devtools, "devtools">, name: string): void {
  fireEvent.click(devtools.getByRole("button", { name }));
}

/** What the panel copies. */
async function copiedJSON({ devtools }: Pick<Devtools, "devtools">): Promise<string> {
  let copied = "";
  Object.defineProperty(navigator, "clipboard", {
    configurable: true,
    value: { writeText: async (text: string) => void (copied = text) },
  });
  onTestFinished(() => void Reflect.deleteProperty(navigator, "clipboard"));
  press({ devtools }, "Copy as JSON");
  await devtools.findByText(/^Copied/);
  return copied;
}

describe("the panel shows", () => {
  test("the status and the user, but no token that a profile holds", async () => {
    const opened = await openDevtools({ signedIn: false });
    const { server, auth } = opened;
    expect(card(opened, "Status")).toBe("Statusloading");
    const token = `eyJhbGciOiJub25lIn0.${btoa("{}")}.c2ln`;
    server.tokens.body = { user: { id: 7, name: "Ada", sessionToken: "opaque", note: token } };
    await soon(() => auth.login({ password: "right" }));
    expect(card(opened, "Status")).toMatch(/^Statusauthenticated: Ada/);
    expect(card(opened, "Status")).toContain('"sessionToken": "(hidden)"');
    expect(card(opened, "Status")).not.toMatch(/opaque|eyJ/);
    server.revokeSession();
    expectWarning(/the first refresh after a sign-in/);
    await soon(() => auth.getAccessToken({ forceRefresh: true }));
    expect(card(opened, "Status")).toContain("unauthenticatedUntil the refusal: Ada");
    expect(card(opened, "Status")).toContain("Latest failure: refused (401)");
  });

  test("the life of the token, its margins, and that a revocation cannot be seen", async () => {
    const opened = await openDevtools();
    const life = opened.devtools.getByRole("meter", { name: "Life of the access token" });
    expect(life.getAttribute("aria-valuemax")).toBe("599");
    expect(Number(life.getAttribute("aria-valuenow"))).toBeGreaterThan(580);
    expect(life.querySelectorAll(".margin")).toHaveLength(2);
    const text =
      /Good for (10|9) min.*In (9 min|8 min).* refresh it in the background; in 9 min.* they wait/;
    expect(life.getAttribute("aria-valuetext")).toMatch(text);
    expect(card(opened, "Access token")).toMatch(text);
    expect(card(opened, "Access token")).toContain("The client cannot know of a revocation");
  });

  test("a token that drains, past one margin and past the other", async () => {
    const opened = await openDevtools();
    const start = Date.now();
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: start });
    onTestFinished(() => void vi.useRealTimers());
    press(opened, "Close");
    press(opened, "Auth devtools");
    const left = () => {
      const { style, className } = opened.devtools.getByRole("meter")
        .firstElementChild as HTMLElement;
      return [className, Math.round(parseFloat(style.width) / 5) * 5];
    };
    expect(left()).toEqual(["left fresh", 100]);
    await act(() => vi.advanceTimersByTime(300_000));
    expect(left()).toEqual(["left fresh", 50]);
    await act(() => vi.advanceTimersByTime(250_000));
    expect(left()).toEqual(["left expiring", 10]);
    await act(() => vi.advanceTimersByTime(60_000));
    expect(left()).toEqual(["left expired", 0]);
    expect(card(opened, "Access token")).toContain("Too old: the next request waits");
  });

  test("that nothing tells how long an opaque token is good", async () => {
    const opened = await openDevtools({ signedIn: false });
    expectWarning(/is no JWT, and the answer tells no lifetime/);
    expectWarning(/nothing tells one person from another/);
    opened.server.tokens.make = () => "opaque";
    await soon(() => opened.auth.login({ password: "right" }));
    expect(card(opened, "Access token")).toContain(
      "Nothing tells how long it is good: a 401 does.",
    );
  });

  test("the session, and why the last one ended", async () => {
    const opened = await openDevtools();
    expect(card(opened, "Session")).toMatch(/For \d.*\. Sessions seen here: 1\./);
    opened.server.tokens.claims = { sub: "u2" };
    await soon(() => opened.auth.login({ password: "right" }));
    expect(card(opened, "Session")).toMatch(
      /Sessions seen here: 2.*another user signed in \(switched\)/,
    );
    await soon(() => opened.auth.logout());
    expect(card(opened, "Session")).toMatch(
      /No session\..*logout\(\) was called in this tab \(logout\)/,
    );
  });

  test("one session after one sign-in, however the page began", async () => {
    const opened = await openDevtools({ signedIn: false });
    opened.server.revokeSession();
    await soon(() => opened.auth.ready());
    expect(card(opened, "Session")).toBe("SessionNo session.");
    await soon(() => opened.auth.login({ password: "right" }));
    expect(card(opened, "Session")).toMatch(/For \d.*\. Sessions seen here: 1\.$/);
  });

  test("that a session began before anyone listened", async () => {
    const { auth } = await setup();
    for (let count = 0; count < 200; count += 1) auth.expireToken();
    const opened = renderDevtools(auth);
    expect(card(opened, "Session")).toBe("SessionIt began before this panel was there.");
  });

  test("a backoff with the time to the next try", async () => {
    vi.spyOn(Date, "now").mockReturnValue(Math.floor(Date.now() / 1000) * 1000 + 900);
    onTestFinished(() => void vi.restoreAllMocks());
    const opened = await openDevtools();
    const { server, auth } = opened;
    expect(card(opened, "Backoff and breaker")).toContain("Backoff: none.Breaker: closed.");
    server.on(refreshes, answer(503, "", { "retry-after": "30" }));
    await soon(() => failure(auth.getAccessToken({ forceRefresh: true })));
    expect(card(opened, "Backoff and breaker")).toMatch(/unavailable \(503\).* in 30 s/);
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: Date.now() });
    onTestFinished(() => void vi.useRealTimers());
    press(opened, "Close");
    press(opened, "Auth devtools");
    await act(() => vi.advanceTimersByTime(32_000));
    expect(card(opened, "Backoff and breaker")).toContain("Backoff: none.");
  });

  test("a breaker that opened, and the endpoints that opened it", async () => {
    const opened = await openDevtools();
    const { server, auth } = opened;
    for (const path of ["/a", "/b"]) {
      server.on(path, answer(401, {}));
      await soon(() => failure(auth.api.get(path)));
    }
    const shown = card(opened, "Backoff and breaker");
    expect(shown).toMatch(/Breaker: open.*possible in (11|10|9(\.\d)?) s/);
    expect(shown).toMatch(/GET \/a answered 401 in spite of a new token, and starts no refresh/);
    expect(shown).toContain("GET /b answered 401");
    await soon(() => auth.api.get("/me"));
    expect(card(opened, "Backoff and breaker")).toContain("Breaker: closed.");
  });

  test("that fifty requests made one refresh", async () => {
    const opened = await openDevtools();
    opened.server.expireTokens();
    const paths = Array.from({ length: 50 }, (_, id) => `/rides/${id}`);
    await soon(() => Promise.all(paths.map((path) => opened.auth.api.get(path))));
    expect(opened.text()).toContain("50 requests, 1 refresh, 50 replays");
    expect(card(opened, "Tabs")).toMatch(
      /Latest refresh: by this tab, .* \(unauthorized\): success/,
    );
  });
});

describe("the timeline", () => {
  test("is walked through with the arrow keys, and each is told", async () => {
    const { devtools, auth } = await openDevtools();
    for (const path of ["/a", "/b", "/c"]) await soon(() => auth.api.get(path));
    const group = within(devtools.getByRole("group", { name: /Timeline/ }));
    const items = group.getAllByRole("button");
    expect(items.filter(({ tabIndex }) => tabIndex === 0)).toHaveLength(1);
    const [a, b, c] = ["/a", "/b", "/c"].map((path) =>
      group.getByRole("button", { name: new RegExp(`GET ${path}: `) }),
    );
    expect(c?.tabIndex).toBe(0);
    act(() => c?.focus());
    fireEvent.keyDown(c as HTMLElement, { key: "ArrowLeft" });
    expect(focusIn(b)).toBe(b);
    fireEvent.keyDown(b as HTMLElement, { key: "ArrowLeft" });
    fireEvent.keyDown(a as HTMLElement, { key: "End" });
    expect(focusIn(c)).toBe(c);
    fireEvent.keyDown(c as HTMLElement, { key: "Home" });
    expect(focusIn(c)?.tabIndex).toBe(0);
    expect(told(c)).toBe(focusIn(c)?.getAttribute("aria-label"));
    fireEvent.mouseEnter(b as HTMLElement);
    expect(told(c)).toMatch(/^GET \/b: sent at .*; answered 200 after/);
    fireEvent.mouseLeave(b as HTMLElement);
    expect(told(c)).not.toMatch(/^GET \/b/);
  });

  test("shows a request, its 401, the one refresh and the replay", async () => {
    const { devtools, server, auth } = await openDevtools();
    server.expireTokens();
    await soon(() => auth.api.get("/rides"));
    const named = (name: RegExp) => devtools.getByRole("button", { name });
    expect(named(/GET \/rides: .*token rejected \(401\).*sent again.*answered 200/)).toBeDefined();
    expect(named(/^Refresh \(unauthorized\): sent .*success \(200\)/)).toBeDefined();
  });

  test("is a table as well", async () => {
    const { devtools, auth } = await openDevtools();
    await soon(() => auth.api.get("/rides"));
    const table = within(devtools.getByRole("table", { hidden: true }));
    const heads = table.getAllByRole("columnheader", { hidden: true });
    expect(heads.map(({ textContent }) => textContent)).toEqual([
      "Began",
      "Took",
      "Lane",
      "Happened",
    ]);
    const row = table.getByRole("row", { name: /Requests GET \/rides: sent/, hidden: true });
    expect(within(row).getAllByRole("cell", { hidden: true })).toHaveLength(4);
  });

  test("is filtered by words", async () => {
    const { devtools, auth, text } = await openDevtools();
    await soon(() => Promise.all([auth.api.get("/rides"), auth.api.get("/queues")]));
    const filter = devtools.getByRole("searchbox", { name: "Filter the timeline" });
    fireEvent.change(filter, { target: { value: "queues" } });
    const group = within(devtools.getByRole("group", { name: /Timeline/ }));
    expect(group.getAllByRole("button")).toHaveLength(1);
    fireEvent.change(filter, { target: { value: "no such thing" } });
    expect(text()).toContain("Nothing of that.");
  });

  test("stands still while it is paused, and then has what came meanwhile", async () => {
    const { devtools, auth } = await openDevtools();
    press({ devtools }, "Pause");
    expect(devtools.getByRole("button", { name: "Pause", pressed: true })).toBeDefined();
    await soon(() => auth.api.get("/rides"));
    expect(devtools.queryByRole("button", { name: /GET \/rides/ })).toBeNull();
    press({ devtools }, "Pause");
    expect(devtools.getByRole("button", { name: /GET \/rides/ })).toBeDefined();
  });

  test("is cleared, and what is counted with it", async () => {
    const opened = await openDevtools();
    await soon(() => opened.auth.api.get("/rides"));
    press(opened, "Pause");
    press(opened, "Clear");
    expect(opened.text()).toContain("Nothing has happened yet.");
    expect(opened.text()).toContain("0 requests, 0 refreshes");
    expect(card(opened, "Session")).toContain("Sessions seen here: 1.");
  });

  test("is copied as JSON, or says that it cannot be", async () => {
    const { devtools, auth, events } = await openDevtools();
    await soon(() => auth.api.get("/rides"));
    press({ devtools }, "Copy as JSON");
    expect(await devtools.findByText("This page may not write to the clipboard.")).toBeDefined();
    const copied = await copiedJSON({ devtools });
    expect(devtools.getByText(`Copied ${events.length} events.`)).toBeDefined();
    expect(JSON.parse(copied)).toEqual(JSON.parse(JSON.stringify(events)) as AuthEvent[]);
  });

  test("keeps the last 200 events", async () => {
    const { devtools, auth, text } = await openDevtools();
    await soon(async () => {
      for (let count = 0; count < 201; count += 1) auth.expireToken();
    });
    expect(devtools.getAllByRole("button", { name: /^Token: given up/ })).toHaveLength(200);
    expect(text()).not.toContain("Session: started");
  });
});

describe("one can", () => {
  test("refresh now", async () => {
    const opened = await openDevtools();
    await soon(async () => press(opened, "Refresh now"));
    expect(await opened.devtools.findByText("Refreshed.")).toBeDefined();
    expect(opened.server.received(refreshes)).toBe(1);
    expect(opened.text()).toContain("0 requests, 1 refresh");
  });

  test("see why a refresh failed, or that nobody is signed in", async () => {
    const opened = await openDevtools();
    expectWarning(/refresh gave no answer that scripts may see/);
    expectWarning(/the first refresh after a sign-in/);
    opened.server.on(refreshes, drop);
    await soon(async () => press(opened, "Refresh now"));
    expect(await opened.devtools.findByText(/^Failed: /)).toBeDefined();
    opened.server.off(refreshes);
    opened.server.revokeSession();
    await soon(() => opened.auth.restore());
    await soon(async () => press(opened, "Refresh now"));
    expect(await opened.devtools.findByText("Not refreshed: unauthenticated.")).toBeDefined();
  });

  test("expire the token here, and the next request waits for a new one", async () => {
    const opened = await openDevtools();
    await soon(async () => press(opened, "Expire the token here"));
    expect(card(opened, "Access token")).toContain("Expired here: the next request waits");
    expect(opened.server.received(refreshes)).toBe(0);
    await soon(() => opened.auth.api.get("/me"));
    expect(opened.server.received(refreshes)).toBe(1);
    expect(opened.server.received("GET /me")).toBe(1);
    expect(opened.text()).not.toContain("The next request");
  });

  test("log out, and then neither that nor expire anything", async () => {
    const opened = await openDevtools();
    await soon(async () => press(opened, "Log out"));
    expect(await opened.devtools.findByText("Logged out.")).toBeDefined();
    expect(opened.auth.getState().status).toBe("unauthenticated");
    for (const name of ["Log out", "Expire the token here"]) {
      const button = opened.devtools.getByRole("button", { name });
      expect(button.getAttribute("aria-disabled")).toBe("true");
      fireEvent.click(button);
    }
    expect(opened.devtools.getByText("Logged out.")).toBeDefined();
    expect(opened.server.received("POST /auth/logout")).toBe(1);
  });

  test("read whether the server knows of a logout", async () => {
    const opened = await openDevtools();
    expectWarning(/logout gave no answer that scripts may see/);
    opened.server.on("POST /auth/logout", drop);
    await soon(async () => press(opened, "Log out"));
    expect(await opened.devtools.findByText(/the server does not know yet/)).toBeDefined();
  });
});

test("nothing of a token is shown, nor a part of one, whatever happens", async () => {
  const { server, auth, text, devtools } = await openDevtools();
  const secrets = [await auth.getAccessToken(), server.cookie()];
  server.expireTokens();
  await soon(() => auth.api.get("/me"));
  secrets.push(await auth.getAccessToken(), server.cookie());
  await soon(() => auth.api.get(`/invitations/${secrets[0]}`));
  const frame = devtools.getByRole("region", { name: "Auth devtools" });
  await waitFor(() => expect(text()).toContain("/invitations/(hidden)"));
  for (const secret of secrets) {
    const parts = secret?.split(".") ?? [];
    expect(parts.length).toBeGreaterThan(0);
    for (const part of parts) expect(frame.outerHTML).not.toContain(part.slice(0, 12));
  }
});

test("no secret is shown that its name tells, in no view and not in what is copied", async () => {
  const opened = await openDevtools({ signedIn: false });
  const secrets = {
    bearer: "opaque",
    Authorization: "opaque",
    sessionId: "opaque",
    session: { id: "opaque" },
    apiKey: "opaque",
    api_key: "opaque",
    clientSecret: "opaque",
    "private-key": "opaque",
    passwordHash: "opaque",
    REFRESH_TOKEN: "opaque",
    cookies: ["opaque"],
    pin: 4711,
    note: "Authorization: Bearer opaque, or sid_cookie=opaque; and api_key=opaque",
  };
  const others = { id: 7, name: "Ada", keyboard: "qwerty", hasPassword: true, token: null };
  opened.server.tokens.body = { user: { ...others, settings: [secrets] } };
  await soon(() => opened.auth.login({ password: "right" }));
  await soon(() => opened.auth.api.get("/rides;jsessionid=opaque/token=opaque"));
  const shown = opened.devtools.getByText(/"settings"/).textContent ?? "";
  expect(JSON.parse(shown)).toMatchObject(others);
  expect(Object.keys(secrets).filter((name) => !shown.includes(`"${name}"`))).toEqual([]);
  expect(opened.text()).toContain("/rides;jsessionid=(hidden)");
  const copied = await copiedJSON(opened);
  expect(copied).toContain("/rides;jsessionid=(hidden)");
  const frame = opened.devtools.getByRole("region", { name: "Auth devtools" });
  expect(frame.outerHTML + copied).not.toMatch(/opaque|4711/);
});

/** What has the focus in the same root. */
function focusIn(element: HTMLElement | undefined): HTMLElement | undefined {
  const root = element?.getRootNode() as ShadowRoot | undefined;
  return (root?.activeElement as HTMLElement | null) ?? undefined;
}

/** What stands under the lanes. */
function told(element: HTMLElement | undefined): string | null | undefined {
  const root = element?.getRootNode() as ShadowRoot | undefined;
  return root?.querySelector(".told")?.textContent;
}
