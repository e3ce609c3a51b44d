import { onlineManager, useQuery } from "@tanstack/react-query";
import { act, fireEvent, screen, waitFor } from "@testing-library/react";
import {
  RequireAuth,
  useApi,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
} from "react-authed-query";
import { useEffect, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendJSON } from "../support/authServer.js";
import { expectWarning } from "../support/expectWarning.js";
import { renderRecorded } from "../support/frames.js";
import { ada, bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup } from "../support/setup.js";

afterEach(() => {
  onlineManager.setOnline(true);
});

let server: Setup["server"];
let auth: Setup["auth"];

beforeEach(async () => {
  ({ server, auth } = await setup());
  serveOwners(server);
  mounts = 0;
});

let mounts: number;

/** Data and a half-written form. */
function Desk(): ReactElement {
  const { status, expiredUser } = useAuth();
  const { data, fetchStatus } = useAuthedQuery<Owned>({ queryKey: ["desk"], request: "/whose" });
  useEffect(() => void (mounts += 1), []);
  return (
    <>
      <p>
        {status} {data?.owner ?? "nobody"} {fetchStatus}{" "}
        {expiredUser && `(${String(expiredUser["name"])})`}
      </p>
      <textarea aria-label="letter" />
    </>
  );
}

/** Someone has written half a letter when the server refuses to refresh the session. */
async function refusedWhileWriting() {
  const rendered = renderRecorded(auth, <Desk />);
  await screen.findByText("authenticated Ada idle");
  fireEvent.change(screen.getByLabelText("letter"), { target: { value: "Dear" } });
  mounts = 0;
  await refuse();
  return rendered;
}

async function refuse(): Promise<void> {
  expectWarning(/the cookie seems not to arrive/);
  server.revokeSession();
  await act(() => auth.getAccessToken({ forceRefresh: true }));
}

const letter = () => screen.getByLabelText<HTMLTextAreaElement>("letter").value;

describe("after a refusal", () => {
  test("the tree, the form and the memory cache stay, and expiredUser says whose they are", async () => {
    const { queryClient } = await refusedWhileWriting();
    expect(screen.getByText("unauthenticated Ada idle (Ada)")).toBeDefined();
    expect(queryClient.getQueryData(["desk"])).toMatchObject({ owner: "Ada" });
    expect([letter(), mounts]).toEqual(["Dear", 0]);
  });

  test("the same user signs in, goes on where the form was, and sees fresh data", async () => {
    await refusedWhileWriting();
    const before = server.received("/whose");
    await act(() => signIn(ada, auth, server));
    expect(await screen.findByText("authenticated Ada idle")).toBeDefined();
    expect([letter(), mounts]).toEqual(["Dear", 0]);
    await waitFor(() => expect(server.received("/whose")).toBe(before + 1));
  });

  test.each([
    ["another user signs in", () => signIn(bob, auth, server)],
    ["logout() is called", () => auth.logout()],
  ])("when %s, all of it goes, and no frame shows it", async (_, come) => {
    const { queryClient, frames } = await refusedWhileWriting();
    frames.length = 0;
    await act(async () => void (await come()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/nobody|Bob/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    expect(queryClient.getQueryData(["desk"])).not.toMatchObject({ owner: "Ada" });
    expect(letter()).toBe("");
  });

  test("queries are cancelled as they were, also those that retry with back-off, and gated", async () => {
    const Polling = () => {
      const { data, fetchStatus, error, failureCount, refetch } = useAuthedQuery<Owned>({
        queryKey: ["polling"],
        request: "/whose",
        retry: true,
        retryDelay: 30,
        refetchInterval: 30,
      });
      const trouble = error?.message ?? (failureCount > 0 && "failing");
      return (
        <button onClick={() => void refetch()}>
          {data?.owner} {trouble || fetchStatus}
        </button>
      );
    };
    renderRecorded(auth, <Polling />);
    await screen.findByText("Ada idle");
    server.on("/whose", (_, response) => sendJSON(response, 500, {}));
    await screen.findByText("Ada failing");
    await refuse();
    expect(await screen.findByText("Ada idle")).toBeDefined();
    const before = server.received("/whose");
    await act(() => pass(120));
    expect(server.received("/whose")).toBe(before);
    act(() => screen.getByRole("button").click());
    expect(await screen.findByText(/Ada Nobody is signed in/)).toBeDefined();
    expect(server.received("/whose")).toBe(before);
  });

  test("a plain query is cancelled too, and asked again when the same user is back", async () => {
    const Plain = () => {
      const api = useApi();
      const { data, fetchStatus } = useQuery({
        queryKey: ["plain"],
        queryFn: async () => (await api.get<Owned>("/whose")).data.owner,
        retry: true,
        retryDelay: 30,
      });
      return (
        <p>
          {data ?? "nobody"} {fetchStatus}
        </p>
      );
    };
    server.on("/whose", (_, response) => sendJSON(response, 500, {}));
    renderRecorded(auth, <Plain />);
    await screen.findByText("nobody fetching");
    await refuse();
    expect(await screen.findByText("nobody idle")).toBeDefined();
    serveOwners(server);
    await act(() => signIn(ada, auth, server));
    expect(await screen.findByText("Ada idle")).toBeDefined();
  });

  test("public queries are not disturbed", async () => {
    let asked = 0;
    const Prices = () => {
      const { data } = useQuery({
        queryKey: ["prices"],
        queryFn: () => pass(60).then(() => (asked += 1)),
        meta: { public: true },
      });
      return <p>prices {data ?? "soon"}</p>;
    };
    renderRecorded(auth, <Prices />);
    await screen.findByText("prices soon");
    await refuse();
    await act(() => signIn(ada, auth, server));
    expect(await screen.findByText("prices 1")).toBeDefined();
    expect(asked).toBe(1);
  });

  test("a request on the wire is left alone, and its callbacks fire", async () => {
    const answered: unknown[] = [];
    server.on("POST /whose", ({ token }, response) =>
      pass(60).then(() => sendJSON(response, 200, { owner: token && "Ada" })),
    );
    const Saving = () => {
      const { mutate } = useAuthedMutation<Owned>({
        request: () => "/whose",
        onSuccess: ({ owner }) => void answered.push(owner),
      });
      return <button onClick={() => mutate()}>save</button>;
    };
    renderRecorded(auth, <Saving />);
    act(() => screen.getByRole("button").click());
    await waitFor(() => expect(server.received("POST /whose")).toBe(1));
    await refuse();
    await waitFor(() => expect(answered).toEqual(["Ada"]));
  });

  test("a mutation paused offline waits for the same user", async () => {
    const Saving = () => {
      const { mutate, data } = useAuthedMutation<Owned>({ request: () => "/whose" });
      return <button onClick={() => mutate()}>saved by {data?.owner ?? "nobody"}</button>;
    };
    renderRecorded(auth, <Saving />);
    onlineManager.setOnline(false);
    act(() => screen.getByRole("button").click());
    await refuse();
    await act(() => signIn(ada, auth, server));
    await act(async () => onlineManager.setOnline(true));
    expect(await screen.findByText("saved by Ada")).toBeDefined();
  });
});

describe("<RequireAuth keepExpired>", () => {
  const door = (
    <RequireAuth pending="one moment" fallback={<p>sign in again</p>} keepExpired>
      <Desk />
    </RequireAuth>
  );

  test("keeps the form mounted under the fallback, until the same user is back", async () => {
    renderRecorded(auth, door);
    await screen.findByText("authenticated Ada idle");
    fireEvent.change(screen.getByLabelText("letter"), { target: { value: "Dear" } });
    mounts = 0;
    await refuse();
    expect(screen.getByText("sign in again")).toBeDefined();
    expect(letter()).toBe("Dear");
    await act(() => signIn(ada, auth, server));
    expect(screen.queryByText("sign in again")).toBeNull();
    expect([letter(), mounts]).toEqual(["Dear", 0]);
  });

  test("keeps it also when nobody knows the user's name", async () => {
    expectWarning(/The access token is no JWT/);
    expectWarning(/nothing tells one person from another/);
    server.tokens.make = () => "opaque";
    const { frames } = renderRecorded(auth, door);
    await act(() => auth.logout());
    server.tokens.claims = {};
    await act(() => signIn({}, auth, server));
    fireEvent.change(screen.getByLabelText("letter"), { target: { value: "Dear" } });
    await refuse();
    expect(frames.at(-1)).toContain("sign in again");
    expect(letter()).toBe("Dear");
  });

  test.each([
    ["logout()", () => auth.logout()],
    ["a visitor's first look", () => undefined],
  ])("shows the fallback alone after %s", async (_, leave) => {
    await auth.logout();
    renderRecorded(auth, door);
    expect(screen.getByText("sign in again")).toBeDefined();
    await act(() => signIn(ada, auth, server));
    await screen.findByText(/authenticated/);
    await act(async () => void (await auth.logout()));
    await act(async () => void (await leave()));
    expect(screen.queryByLabelText("letter")).toBeNull();
  });

  test("without it a refusal shows the fallback alone", async () => {
    renderRecorded(
      auth,
      <RequireAuth pending="one moment" fallback={<p>sign in again</p>}>
        <Desk />
      </RequireAuth>,
    );
    await screen.findByText("authenticated Ada idle");
    await refuse();
    expect(screen.getByText("sign in again")).toBeDefined();
    expect(screen.queryByLabelText("letter")).toBeNull();
  });
});
