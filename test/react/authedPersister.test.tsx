import { createAsyncStoragePersister } from "@tanstack/query-async-storage-persister";
import {
  persistQueryClient,
  type PersistedClient,
  type Persister,
} from "@tanstack/query-persist-client-core";
import { QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { PersistQueryClientProvider } from "@tanstack/react-query-persist-client";
import { act, cleanup, render, screen, waitFor } from "@testing-library/react";
import { authedPersister, AuthProvider, useAuthedQuery, type Auth } from "react-authed-query";
import { useEffect } from "react";
import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { ada, bob, serveOwners, signIn, type Owned } from "../support/people.js";
import { setup, type Setup } from "../support/setup.js";

/** A disk that outlives the page, and every text that was ever written to it. */
interface Disk {
  text: string | undefined;
  written: string[];
}

/** A persister as TanStack's are. `later` waits before it writes, and then writes the last it was given. */
function persisterOn(disk: Disk, later = false): Persister & { flush: () => void } {
  let waiting: PersistedClient | undefined;
  const write = (client: PersistedClient) => {
    disk.text = JSON.stringify(client);
    disk.written.push(disk.text);
  };
  return {
    persistClient(client) {
      if (later) waiting = client;
      else write(client);
    },
    restoreClient: () =>
      Promise.resolve(
        disk.text === undefined ? undefined : (JSON.parse(disk.text) as PersistedClient),
      ),
    removeClient() {
      disk.text = undefined;
    },
    flush() {
      if (waiting) write(waiting);
      waiting = undefined;
    },
  };
}

/** Restores once, then stores on every change. */
function persist(queryClient: QueryClient, persister: Persister): Promise<void> {
  const [stop, restored] = persistQueryClient({ queryClient, persister });
  onTestFinished(stop);
  return restored;
}

let disk: Disk;
let server: Setup["server"];
let auth: Setup["auth"];

beforeEach(async () => {
  disk = { text: undefined, written: [] };
  ({ server, auth } = await setup());
  serveOwners(server);
});

/** A page of the app, with its cache on the disk. */
async function openPage(page: Auth, later = false) {
  const client = new QueryClient();
  const persister = persisterOn(disk, later);
  const Whose = () => {
    const { data } = useAuthedQuery<Owned>({ queryKey: ["whose"], request: "/whose" });
    return <p>{data?.owner ?? "nobody"}</p>;
  };
  await persist(client, authedPersister(page, persister));
  render(
    <AuthProvider auth={page} queryClient={client}>
      <Whose />
    </AuthProvider>,
  );
  return { client, persister };
}

/** A later page of the same browser: this person signs in before anything is restored. */
async function restoredFor(person: Record<string, unknown> | undefined): Promise<unknown> {
  const { auth: later, server: theirs } = await setup({ signedIn: false });
  if (person) await signIn(person, later, theirs);
  const client = new QueryClient();
  await persist(client, authedPersister(later, persisterOn(disk)));
  return client.getQueryData(["whose"]);
}

test("the same user's cache is restored after a reload", async () => {
  await openPage(auth);
  await screen.findByText("Ada");
  expect(await restoredFor(ada)).toMatchObject({ owner: "Ada" });
});

describe("nothing of the first user is restored", () => {
  test.each([
    ["for another user", bob],
    ["for a visitor", undefined],
    ["for a user whom nothing names", {}],
  ])("%s, though the tab was closed without a logout, and it is removed", async (_, person) => {
    if (person && Object.keys(person).length === 0) expectWarning(/nothing tells one person from/);
    await openPage(auth);
    await screen.findByText("Ada");
    expect(await restoredFor(person)).toBeUndefined();
    expect(disk.text ?? "").not.toContain("Ada");
  });

  test("from a persister that stores what it does not know to be ours", async () => {
    const client = new QueryClient();
    await persist(client, persisterOn(disk));
    client.setQueryData(["whose"], { owner: "Ada" });
    await waitFor(() => expect(disk.text).toContain("Ada"));
    expect(await restoredFor(ada)).toBeUndefined();
  });
});

test("what has been read is nobody's when its user signs out before the cache takes it in", async () => {
  const { persister } = await openPage(auth);
  await screen.findByText("Ada");
  const read = await authedPersister(auth, persister).restoreClient();
  expect(read?.clientState.queries).toHaveLength(1);
  void auth.logout();
  expect(read?.clientState.queries).toEqual([]);
});

describe("when the session ends", () => {
  test.each([
    ["by logout", () => auth.logout()],
    ["by a switch of user", () => signIn(bob, auth, server)],
    [
      "by refusal",
      () => {
        expectWarning(/the cookie seems not to arrive/);
        server.revokeSession();
        return auth.getAccessToken({ forceRefresh: true });
      },
    ],
  ])(
    "%s, the stored copy is gone in the same turn, and no later write brings it back",
    async (_, end) => {
      const { client, persister } = await openPage(auth, true);
      await screen.findByText("Ada");
      persister.flush();
      expect(disk.text).toContain("Ada");
      // Written by no one yet, but asked for.
      act(() => void client.setQueryData(["more"], { owner: "Ada" }));
      let atOnce: string | undefined = "not looked at";
      auth.subscribe(() => (atOnce = disk.text));
      await act(async () => void (await end()));
      expect(atOnce).toBeUndefined();
      persister.flush();
      expect(disk.text ?? "").not.toContain('"owner":"Ada"');
    },
  );

  test("by a switch, no write says that the first user's data is the second's", async () => {
    const { client } = await openPage(auth);
    await screen.findByText("Ada");
    client.setQueryData(["more"], { owner: "Ada" });
    client.setQueryData(["and more"], { owner: "Ada" });
    await act(() => signIn(bob, auth, server));
    await screen.findByText("Bob");
    const mixed = disk.written.filter(
      (text) => text.includes('"owner":"Ada"') && text.includes("u2"),
    );
    expect(mixed).toEqual([]);
    expect(disk.text).toContain('"owner":"Bob"');
  });

  test("by refusal, nothing is stored until the same user is back", async () => {
    const { client } = await openPage(auth);
    await screen.findByText("Ada");
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    disk.written.length = 0;
    act(() => void client.setQueryData(["more"], { owner: "Ada" }));
    expect(disk.written).toEqual([]);
    await act(() => signIn(ada, auth, server));
    await waitFor(() => expect(disk.text).toContain("more"));
  });
});

test("it waits for the session, also while the API is down", async () => {
  await openPage(auth);
  await screen.findByText("Ada");
  const { auth: later, server: theirs, clock } = await setup({ signedIn: false });
  theirs.signInBefore();
  theirs.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
  const client = new QueryClient();
  const restored = persist(client, authedPersister(later, persisterOn(disk)));
  await later.ready().catch(() => {});
  expect(client.getQueryData(["whose"])).toBeUndefined();
  theirs.off("POST /auth/refresh");
  await clock.advance(5000);
  await restored;
  expect(client.getQueryData(["whose"])).toMatchObject({ owner: "Ada" });
});

test("a disposed Auth restores nothing and waits no longer", async () => {
  await openPage(auth);
  await screen.findByText("Ada");
  const { auth: later } = await setup({ signedIn: false });
  const restored = authedPersister(later, persisterOn(disk)).restoreClient();
  later.dispose();
  expect(await restored).toBeUndefined();
});

test("a persister that fails keeps nobody from signing out", async () => {
  const reported = vi.fn<typeof reportError>();
  vi.stubGlobal("reportError", reported);
  const full = () => Promise.reject(new Error("the disk is full"));
  authedPersister(auth, { persistClient: full, restoreClient: full, removeClient: full });
  expect(await auth.logout()).toEqual({ serverTold: true });
  expect(auth.getState().status).toBe("unauthenticated");
  await waitFor(() => expect(reported).toHaveBeenCalledTimes(2));
  vi.unstubAllGlobals();
});

test("public queries and the app's own are stored alike, as the user's cache", async () => {
  const Prices = () => {
    const client = useQueryClient();
    useQuery({ queryKey: ["prices"], queryFn: () => Promise.resolve(42), meta: { public: true } });
    useEffect(() => void client.setQueryData(["own"], 1), [client]);
    return null;
  };
  const client = new QueryClient();
  await persist(client, authedPersister(auth, persisterOn(disk)));
  render(
    <AuthProvider auth={auth} queryClient={client}>
      <Prices />
    </AuthProvider>,
  );
  await waitFor(() => expect(disk.text).toContain("42"));
  expect(disk.text).toContain("own");
});

describe("with <PersistQueryClientProvider> and a persister that waits before it writes", () => {
  const names = () => screen.getAllByRole("listitem").map(({ textContent }) => textContent);

  /** A page of the app: each has its own client, and all the same storage. Returns how to close it. */
  function openApp(page: Auth, storage: Map<string, string>): () => void {
    let isOpen = true;
    const client = new QueryClient({ defaultOptions: { queries: { staleTime: Infinity } } });
    const persister = createAsyncStoragePersister({
      storage: {
        getItem: (key) => storage.get(key) ?? null,
        setItem: (key, value) => void (isOpen && storage.set(key, value)),
        removeItem: (key) => void storage.delete(key),
      },
      throttleTime: 50,
    });
    const Names = () => {
      const { data } = useAuthedQuery<Owned>({ queryKey: ["whose"], request: "/whose" });
      return <li>{data?.owner ?? "nobody"}</li>;
    };
    render(
      <PersistQueryClientProvider
        client={client}
        persistOptions={{ persister: authedPersister(page, persister) }}
      >
        <AuthProvider auth={page}>
          <Names />
        </AuthProvider>
      </PersistQueryClientProvider>,
    );
    return () => {
      isOpen = false;
      cleanup();
    };
  }

  test("a reload shows the user's data without asking for it again", async () => {
    const storage = new Map<string, string>();
    const close = openApp(auth, storage);
    await waitFor(() => expect(names()).toEqual(["Ada"]));
    await waitFor(() => expect([...storage.values()].join(" ")).toContain("Ada"));
    close();
    const { auth: later, server: theirs } = await setup({ signedIn: false });
    await signIn(ada, later, theirs);
    openApp(later, storage);
    await waitFor(() => expect(names()).toEqual(["Ada"]));
    expect(theirs.received("/whose")).toBe(0);
  });

  test("the tab is closed right after the logout: the next user finds nothing", async () => {
    const storage = new Map<string, string>();
    const close = openApp(auth, storage);
    await waitFor(() => expect(names()).toEqual(["Ada"]));
    await waitFor(() => expect([...storage.values()].join(" ")).toContain("Ada"));
    void auth.logout();
    close();
    const { auth: later, server: theirs } = await setup({ signedIn: false });
    serveOwners(theirs);
    await signIn(bob, later, theirs);
    openApp(later, storage);
    expect(names()).not.toContain("Ada");
    await waitFor(() => expect(names()).toEqual(["Bob"]));
    await waitFor(() => expect([...storage.values()].join(" ")).toContain("Bob"));
    expect([...storage.values()].join(" ")).not.toContain("Ada");
  });
});
