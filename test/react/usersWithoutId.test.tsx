import { QueryClient } from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import { AuthProvider, useAuth, useAuthedQuery, type Auth } from "react-authed-query";
import { useEffect, type ReactElement } from "react";
import { describe, expect, test } from "vitest";
import { makeJWT, sendJSON, type AuthServer } from "../support/authServer.js";
import { expectWarning } from "../support/expectWarning.js";
import { recordFrames, renderRecorded } from "../support/frames.js";
import { setup } from "../support/setup.js";
import { startBrowser } from "../support/tabbedBrowser.js";

/** Backends whose answers have no field that names a person by an id. */
const backends: [string, (who: string) => Record<string, unknown> | undefined][] = [
  ["with nested claims", (username) => ({ UserInfo: { username, roles: [2001] } })],
  ["with a name", (name) => ({ name })],
  ["with opaque tokens", () => undefined],
];

const ended = { code: "session_ended" };

type ClaimsOf = (typeof backends)[number][1];

/** What the console says of a backend whose tokens tell nothing. */
function expectOpaque(claimsOf: ClaimsOf): void {
  if (claimsOf("anyone")) return;
  expectWarning(/The access token is no JWT/);
  expectWarning(/nothing tells one person from another/);
}

/** Gives each token to a person, and answers `/orders` with the name of its owner. */
function serveOrders(server: AuthServer, claimsOf: ClaimsOf) {
  const owners = new Map<string, string>();
  let person = "alice";
  let tokens = 0;
  server.tokens.make = () => {
    tokens += 1;
    const claims = claimsOf(person);
    const token = claims ? makeJWT({ ...claims, iat: tokens, exp: tokens + 600 }) : `t${tokens}`;
    owners.set(token, person);
    return token;
  };
  server.on("/orders", ({ token = "" }, response) =>
    sendJSON(response, owners.has(token) ? 200 : 401, { owner: owners.get(token) }),
  );
  return async (auth: Auth, who: string): Promise<void> => {
    person = who;
    await auth.login({ password: "right" });
  };
}

function Orders(): ReactElement {
  const { status } = useAuth();
  const { data } = useAuthedQuery<{ owner: string }>({ queryKey: ["orders"], request: "/orders" });
  return (
    <p>
      {status} {data ? `orders of ${data.owner}` : "no orders"}
    </p>
  );
}

describe.each(backends)("a backend %s", (_, claimsOf) => {
  test("someone else signs in: a switch, and no frame of the first user's data", async () => {
    expectOpaque(claimsOf);
    const { server, auth, logouts } = await setup({ signedIn: false });
    const signIn = serveOrders(server, claimsOf);
    await signIn(auth, "alice");
    const { frames } = renderRecorded(auth, <Orders />);
    await screen.findByText("authenticated orders of alice");
    frames.length = 0;
    await act(() => signIn(auth, "bob"));
    await screen.findByText("authenticated orders of bob");
    expect(frames.filter((frame) => frame.includes("alice"))).toEqual([]);
    expect(logouts).toEqual(["switched"]);
  });

  test("someone else signs in after a refusal: no frame of the first user's data", async () => {
    expectOpaque(claimsOf);
    expectWarning(/the cookie seems not to arrive/);
    const { server, auth, logouts } = await setup({ signedIn: false });
    const signIn = serveOrders(server, claimsOf);
    await signIn(auth, "alice");
    const { frames } = renderRecorded(auth, <Orders />);
    await screen.findByText("authenticated orders of alice");
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    expect(screen.getByText("unauthenticated orders of alice")).toBeDefined();
    frames.length = 0;
    await act(() => signIn(auth, "bob"));
    await screen.findByText("authenticated orders of bob");
    expect(frames.filter((frame) => frame.includes("alice"))).toEqual([]);
    expect(logouts).toEqual(["refused"]);
  });

  test("the first user's profile is not written onto the next user's session", async () => {
    expectOpaque(claimsOf);
    const { server, auth } = await setup({ signedIn: false });
    const signIn = serveOrders(server, claimsOf);
    await signIn(auth, "alice");
    const edited = { nick: "Al" };
    const edits: (() => unknown)[] = [];
    const outcomes: unknown[] = [];
    const Profile = () => {
      const { setUser } = useAuth();
      edits.push(() => setUser(edited));
      useEffect(
        () => () => {
          for (const edit of [setUser, auth.setUser]) {
            try {
              outcomes.push(edit(edited));
            } catch (error) {
              outcomes.push(error);
            }
          }
        },
        [setUser],
      );
      return null;
    };
    // Not in StrictMode, which cleans each tree up once more.
    render(
      <AuthProvider auth={auth} queryClient={new QueryClient()}>
        <Profile />
      </AuthProvider>,
    );
    await act(() => signIn(auth, "bob"));
    expect(outcomes).toMatchObject([ended, ended]);
    expect(edits[0]).toThrow(expect.objectContaining(ended));
    expect(auth.getState().user).not.toEqual(edited);
    act(() => void edits.at(-1)?.());
    expect(auth.getState().user).toEqual(edited);
  });

  test("a profile is edited by what a visitor's page kept, once they have signed in", async () => {
    expectOpaque(claimsOf);
    const { server, auth } = await setup({ signedIn: false });
    const signIn = serveOrders(server, claimsOf);
    const edits: Auth["setUser"][] = [];
    const Profile = () => {
      edits.push(useAuth().setUser);
      return null;
    };
    renderRecorded(auth, <Profile />);
    await act(() => signIn(auth, "alice"));
    act(() => edits[0]?.({ nick: "Al" }));
    expect(auth.getState().user).toEqual({ nick: "Al" });
    expect(new Set(edits).size).toBe(1);
  });

  test.each([false, true])(
    "someone else signs in in another tab (this one refused: %s): no frame either",
    async (isRefused) => {
      expectOpaque(claimsOf);
      const { server, open, soon } = await startBrowser();
      const signIn = serveOrders(server, claimsOf);
      const [one, two] = [open(), open()];
      await signIn(one.auth, "alice");
      await soon(two.auth.ready());
      const { frames } = recordFrames(
        <AuthProvider auth={two.auth} queryClient={new QueryClient()}>
          <Orders />
        </AuthProvider>,
      );
      await screen.findByText("authenticated orders of alice");
      if (isRefused) {
        server.revokeSession();
        await act(() => soon(two.auth.getAccessToken({ forceRefresh: true })));
        await screen.findByText("unauthenticated orders of alice");
      }
      await act(async () => {
        await soon(signIn(one.auth, "bob"));
        frames.length = 0;
        await soon(two.auth.api.get("/orders"));
      });
      await waitFor(() => expect(frames.at(-1)).toBe("authenticated orders of bob"));
      expect(frames.filter((frame) => frame.includes("alice"))).toEqual([]);
      expect(two.logouts).toEqual([isRefused ? "refused" : "switched"]);
    },
  );
});

test.each(backends.slice(0, 2))(
  "a backend %s: the same person signs in again, and nothing is remounted",
  async (_, claimsOf) => {
    const { server, auth, logouts } = await setup({ signedIn: false });
    const signIn = serveOrders(server, claimsOf);
    await signIn(auth, "alice");
    const { frames } = renderRecorded(auth, <Orders />);
    await screen.findByText("authenticated orders of alice");
    frames.length = 0;
    await act(() => signIn(auth, "alice"));
    expect(frames.filter((frame) => !frame.includes("alice"))).toEqual([]);
    expect(logouts).toEqual([]);
  },
);
