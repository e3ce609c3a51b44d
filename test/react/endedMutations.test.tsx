import {
  MutationCache,
  onlineManager,
  QueryCache,
  QueryClient,
  QueryClientProvider,
  useMutation,
  useMutationState,
  useQuery,
  type UseMutationOptions,
} from "@tanstack/react-query";
import { act, render, screen, waitFor } from "@testing-library/react";
import {
  AuthProvider,
  createAuth,
  type AuthError,
  useApi,
  useAuthedMutation,
  useAuthedQuery,
} from "react-authed-query";
import { useState, type ReactElement } from "react";
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { deferred } from "../support/deferred.js";
import { createOrigin } from "../support/origin.js";
import { bob, serveOwners, signIn } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup } from "../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];
/** Another tab of the same app. */
let other: Setup["auth"];

/** What the cache-wide callbacks, and those of the mutations, were called for. */
let heard: string[];
/** What no one caught. */
let uncaught: unknown[];
let client: QueryClient;

const hear = (what: string) => () => void heard.push(what);

beforeEach(async () => {
  const origin = createOrigin();
  const started = await setup({ platform: origin.tab() });
  ({ server, auth } = started);
  serveOwners(server);
  other = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...started.clock.platform, ...origin.tab() },
  );
  await other.ready();

  heard = [];
  const callbacks = {
    onSuccess: hear("cache's onSuccess"),
    onError: hear("cache's onError"),
    onSettled: hear("cache's onSettled"),
  };
  client = new QueryClient({
    mutationCache: new MutationCache(callbacks),
    queryCache: new QueryCache(callbacks),
  });

  uncaught = [];
  const note = (error: unknown) => void uncaught.push(error);
  process.on("unhandledRejection", note);
  onTestFinished(() => {
    process.off("unhandledRejection", note);
    other.dispose();
  });
});

afterEach(() => {
  onlineManager.setOnline(true);
});

const endings: [string, () => unknown][] = [
  ["logout", () => auth.logout()],
  ["a switch of user", () => signIn(bob, auth, server)],
  ["a logout in another tab", () => other.logout()],
  ["a login of another user in another tab", () => signIn(bob, other, server)],
];

const ended = { name: "AuthError", code: "session_ended" };

interface Saving {
  /** What the caller awaits. */
  saved: Promise<unknown>;
}

/** Runs a mutation in a component that someone awaits, and unless it is alone one that nobody does. */
async function save(
  options: UseMutationOptions<unknown, Error, string>,
  isAlone = false,
): Promise<Saving> {
  const saving: Saving = { saved: Promise.resolve() };
  const Form = () => {
    const { mutate, mutateAsync, status } = useMutation({
      onSuccess: hear("onSuccess"),
      onError: hear("onError"),
      onSettled: hear("onSettled"),
      ...options,
    });
    const press = () => {
      saving.saved = mutateAsync("Ada's");
      // Awaited only later.
      saving.saved.catch(() => {});
      if (isAlone) return;
      mutate("Ada's other", {
        onSuccess: hear("mutate's onSuccess"),
        onError: hear("mutate's onError"),
        onSettled: hear("mutate's onSettled"),
      });
    };
    return <button onClick={press}>{status}</button>;
  };
  render(
    <AuthProvider auth={auth} queryClient={client}>
      <Form />
    </AuthProvider>,
  );
  await act(async () => screen.getByRole("button").click());
  return saving;
}

/** What became of it: whom it was told to, and what is left of it. */
async function outcomeOf({ saved }: Saving): Promise<object> {
  const rejection = await saved.then(
    () => "fulfilled",
    (error: unknown) => error,
  );
  await act(() => pass(20));
  return { rejection, heard, uncaught, left: client.getMutationCache().getAll() };
}

/** Its caller was told, and nobody else. */
const endedInSilence = { rejection: ended, heard: [], uncaught: [], left: [] };

describe.each(endings)("at %s a mutation rejects, and only its caller hears of it", (_, end) => {
  const endSession = () => act(async () => void (await end()));

  test("under way", async () => {
    server.on("POST /draft", () => {});
    const saving = await save({ mutationFn: (text) => auth.api.post("/draft", text) });
    await waitFor(() => expect(server.received("POST /draft")).toBe(2));
    await endSession();
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
  });

  test.each([
    ["succeeds late", () => Promise.resolve("Ada's")],
    ["fails late", () => Promise.reject(new Error("late"))],
    ["never settles", () => new Promise<never>(() => {})],
  ])("under way in the app's own client, which %s", async (__, settle) => {
    const answer = deferred();
    const saving = await save({ mutationFn: () => answer.promise.then(settle) });
    await endSession();
    await expect(saving.saved).rejects.toMatchObject(ended);
    await act(async () => answer.resolve());
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
  });

  test("waiting for a retry", async () => {
    let tries = 0;
    const mutationFn = () => Promise.reject(new Error(`try ${(tries += 1)}`));
    const saving = await save({ mutationFn, retry: 3, retryDelay: 30 });
    await endSession();
    const triesBefore = tries;
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
    await act(() => pass(50));
    expect(tries).toBe(triesBefore);
  });

  test("paused offline, which is not sent later", async () => {
    onlineManager.setOnline(false);
    const saving = await save({ mutationFn: (text) => auth.api.post("/draft", text) });
    await endSession();
    await act(async () => onlineManager.setOnline(true));
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
    expect(server.received("POST /draft")).toBe(0);
  });

  test("queued behind another of its scope", async () => {
    const saving = await save({
      mutationFn: () => new Promise(() => {}),
      scope: { id: "draft" },
    });
    await endSession();
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
  });

  test.each(["succeeds", "fails"])("whose onMutate is at work, and %s late", async (how) => {
    const work = deferred();
    const saving = await save({
      mutationFn: (text) => auth.api.post("/draft", text),
      onMutate: () => work.promise.then(() => (how === "fails" ? Promise.reject(how) : how)),
    });
    await endSession();
    await act(async () => work.resolve());
    expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
    expect(server.received("POST /draft")).toBe(0);
  });
});

describe("a mutation", () => {
  test.each(["onSuccess", "onError", "onSettled", "onMutate"] as const)(
    "whose own %s calls logout() rejects, and nobody is called after that",
    async (name) => {
      const fails = () => Promise.reject(new Error("no"));
      const logOut = async () => {
        await auth.logout();
        heard.length = 0;
      };
      const saving = await save(
        { mutationFn: name === "onError" ? fails : () => Promise.resolve(), [name]: logOut },
        true,
      );
      expect(await outcomeOf(saving)).toMatchObject(endedInSilence);
    },
  );

  test("after a refusal goes on, and its callbacks fire", async () => {
    const answer = deferred<string>();
    const { saved } = await save({ mutationFn: () => answer.promise });
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(async () => void (await auth.getAccessToken({ forceRefresh: true })));
    await act(async () => answer.resolve("Ada's"));
    expect(await saved).toBe("Ada's");
    expect(heard).toContain("cache's onSuccess");
    expect(heard).toContain("mutate's onSettled");
  });

  test("that fails in its session rejects with its own error, and all hear of it", async () => {
    const { saved } = await save({ mutationFn: () => Promise.reject(new Error("taken")) });
    await expect(saved).rejects.toThrow("taken");
    await waitFor(() =>
      expect(new Set(heard)).toEqual(
        new Set([
          "cache's onError",
          "cache's onSettled",
          "onError",
          "onSettled",
          "mutate's onError",
          "mutate's onSettled",
        ]),
      ),
    );
  });

  test.each<[string, () => (text: string) => Promise<unknown>]>([
    [
      "useAuthedMutation",
      () =>
        useAuthedMutation({ request: (text: string) => ({ url: "/draft", data: text }) })
          .mutateAsync,
    ],
    [
      "useMutation and useApi",
      () => {
        const api = useApi();
        return useMutation({ mutationFn: (text: string) => api.post("/draft", text) }).mutateAsync;
      },
    ],
  ])("that a closure calls too late leaves no trace of the first user: %s", async (_, useSave) => {
    const frames: unknown[] = [];
    let saveAsAda: ((text: string) => Promise<unknown>) | undefined;
    const Page = (): ReactElement => {
      const saveNow = useSave();
      saveAsAda ??= saveNow;
      const variables = useMutationState({ select: ({ state }) => state.variables });
      frames.push(variables);
      return <p />;
    };
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Page />
      </AuthProvider>,
    );
    await act(() => signIn(bob, auth, server));
    frames.length = 0;
    await act(() => expect(saveAsAda?.("Ada's")).rejects.toMatchObject(ended));
    await act(() => pass(20));
    expect(client.getMutationCache().getAll()).toEqual([]);
    expect(heard).toEqual([]);
    expect(server.received("POST /draft")).toBe(0);
  });
});

describe.each(endings)("at %s a query under way", (_, end) => {
  test.each<[string, () => unknown]>([
    ["useAuthedQuery", () => useAuthedQuery({ queryKey: ["slow"], request: "/slow" })],
    [
      "useQuery",
      () => {
        const api = useApi();
        return useQuery({ queryKey: ["slow"], queryFn: () => api.get("/slow"), retry: false });
      },
    ],
    [
      "useQuery that waits for a retry",
      () =>
        useQuery({
          queryKey: ["slow"],
          queryFn: () => auth.api.get("/slow").then(() => Promise.reject(new Error("again"))),
          retryDelay: 200,
        }),
    ],
  ])("is silent to the cache's callbacks: %s", async (name, useIt) => {
    server.on("/slow", (__, response) => void (name.includes("retry") && response.end("{}")));
    let isAda = true;
    const Slow = () => {
      useIt();
      return null;
    };
    const Page = () => (isAda ? <Slow /> : null);
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Page />
      </AuthProvider>,
    );
    await waitFor(() => expect(server.received("/slow")).toBe(1));
    isAda = false;
    await act(async () => void (await end()));
    await act(() => pass(250));
    expect(heard).toEqual([]);
    expect(uncaught).toEqual([]);
  });
});

test("a mutation whose client is noticed only after it began settles at a logout", async () => {
  expectWarning(/QueryClientProvider between/);
  const inner = new QueryClient();
  const answered = deferred<string>();
  let saved: Promise<unknown> | undefined;
  const Late = () => {
    useAuthedQuery({ queryKey: ["whose"], request: "/whose" });
    return null;
  };
  const Form = () => {
    const { mutateAsync } = useMutation({ mutationFn: () => answered.promise });
    const [isOpen, open] = useState(false);
    function press(): void {
      saved = mutateAsync();
      saved.catch(() => {});
      open(true);
    }
    return <button onClick={press}>{isOpen && <Late />}</button>;
  };
  render(
    <AuthProvider auth={auth} queryClient={client}>
      <QueryClientProvider client={inner}>
        <Form />
      </QueryClientProvider>
    </AuthProvider>,
  );
  await act(async () => screen.getByRole("button").click());
  await act(() => pass(30));
  await act(async () => void (await auth.logout()));
  await act(async () => answered.resolve("saved"));
  const outcome = saved?.catch((error: AuthError) => error.code);
  const never = pass(400).then(() => "never");
  // Older versions of TanStack Query call its function before anyone can notice the client.
  expect(await Promise.race([outcome, never])).toMatch(/^(session_ended|saved)$/);
});
