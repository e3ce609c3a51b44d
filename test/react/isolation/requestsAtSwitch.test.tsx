import { QueryCache, QueryClient } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import type { AxiosInstance } from "axios";
import {
  AuthProvider,
  useApi,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
  type UseAuthResult,
} from "react-authed-query";
import {
  Component,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useState,
  type ReactElement,
} from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../../support/deferred.js";
import { canceled, clearOutcomes, note, outcomes, senders } from "../../support/drafts.js";
import { expectWarning } from "../../support/expectWarning.js";
import { renderRecorded } from "../../support/frames.js";
import { bob, ownerOf, signIn } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, clock, other, server, startBesideOther } from "../../support/started.js";

/** Every way in which someone else sits down after Ada. */
const changes: [string, () => unknown][] = [
  ["another user's login", () => signIn(bob, auth, server)],
  [
    "another user's login in another tab",
    async () => {
      await signIn(bob, other, server);
      await clock.advance(1000);
    },
  ],
  [
    "a refusal and another user's login",
    async () => {
      expectWarning(/the cookie seems not to arrive/);
      server.revokeSession();
      await auth.getAccessToken({ forceRefresh: true });
      await signIn(bob, auth, server);
    },
  ],
  [
    "a logout and another user's login",
    async () => {
      await auth.logout();
      await signIn(bob, auth, server);
    },
  ],
];

beforeEach(clearOutcomes);

const ended = { code: "session_ended" };

type Save = () => void;

/** Every way in which a component asks for something, and what a refusal looks like there. */
const ways: [string, () => Save, object][] = [
  [
    "useApi",
    () => {
      const api = useApi();
      return () => note(api.post("/draft", "Ada's"));
    },
    canceled,
  ],
  ["auth.api", () => () => note(auth.api.post("/draft", "Ada's")), canceled],
  [
    "auth.fetch",
    () => () => note(auth.fetch(`${server.url}/draft`, { method: "POST", body: "Ada's" })),
    ended,
  ],
  ["auth.getAccessToken", () => () => note(auth.getAccessToken()), ended],
  [
    "useAuthedMutation",
    () => {
      const { mutateAsync } = useAuthedMutation({ request: () => "/draft" });
      return () => note(mutateAsync());
    },
    ended,
  ],
  [
    "useAuthedQuery's refetch",
    () => {
      const { refetch } = useAuthedQuery({
        queryKey: ["draft"],
        request: { url: "/draft", method: "post" },
        enabled: false,
      });
      return () => note(refetch({ throwOnError: true }));
    },
    {},
  ],
];

class Class extends Component<{ save: Save }> {
  override componentWillUnmount(): void {
    this.props.save();
  }
  override render(): ReactElement {
    return <p />;
  }
}

/** Every place in which React lets a component clean up. */
const places: [string, (props: { save: Save }) => ReactElement | null][] = [
  [
    "useEffect",
    ({ save }) => {
      useEffect(() => save, [save]);
      return null;
    },
  ],
  [
    "useLayoutEffect",
    ({ save }) => {
      useLayoutEffect(() => save, [save]);
      return null;
    },
  ],
  [
    "useInsertionEffect",
    ({ save }) => {
      useInsertionEffect(() => save, [save]);
      return null;
    },
  ],
  ["componentWillUnmount", ({ save }) => <Class save={save} />],
  [
    "a ref callback",
    ({ save }) => {
      const [ref] = useState(() => (node: unknown) => void (node ?? save()));
      return <p ref={ref} />;
    },
  ],
];

describe.each(changes)("at %s", (_, change) => {
  beforeEach(startBesideOther);

  describe.each(ways)("what the leaving tree asks for through %s", (__, useSave, refusal) => {
    test.each(places)("is not sent, in %s", async (___, Place) => {
      const Autosave = () => {
        const save = useSave();
        const [saveAsFirstRendered] = useState(() => save);
        return <Place save={saveAsFirstRendered} />;
      };
      // A refusal keeps the form.
      const Page = () => {
        const { user, expiredUser } = useAuth();
        const name = String((user ?? expiredUser)?.["name"]);
        return name === "Ada" ? <Autosave /> : <p>{name}</p>;
      };
      // Without StrictMode, which saves at once.
      render(
        <AuthProvider auth={auth}>
          <Page />
        </AuthProvider>,
      );
      await act(async () => void (await change()));
      await screen.findByText("Bob");
      await act(() => pass(20));
      expect(senders()).toEqual([]);
      expect(outcomes).toMatchObject([refusal]);
    });
  });

  test("what its timers and closures ask of useApi's instance later is not sent", async () => {
    let save: (() => Promise<unknown>) | undefined;
    let read: AxiosInstance | undefined;
    const Debounced = () => {
      const api = useApi();
      save ??= () => api.post("/draft", "Ada's");
      read ??= api;
      return null;
    };
    render(
      <AuthProvider auth={auth}>
        <Debounced />
      </AuthProvider>,
    );
    await act(async () => void (await change()));
    await expect.poll(() => auth.getState().user?.["name"]).toBe("Bob");
    await expect(save?.()).rejects.toMatchObject(canceled);
    await expect(read?.({ url: "/whose" })).rejects.toMatchObject(canceled);
    await expect(read?.request({ url: "/whose" })).rejects.toMatchObject(canceled);
    await expect(read?.("/whose")).rejects.toMatchObject(canceled);
    expect(senders()).toEqual([]);
    expect(server.received("/whose")).toBe(0);
  });

  test.each([
    ["api", ({ api }: UseAuthResult) => api.post("/draft", "Ada's"), canceled],
    ["api as a function", ({ api }: UseAuthResult) => api("/draft", { method: "post" }), canceled],
    [
      "fetch",
      ({ fetch }: UseAuthResult) => fetch(`${server.url}/draft`, { method: "POST" }),
      ended,
    ],
    ["getAccessToken", ({ getAccessToken }: UseAuthResult) => getAccessToken(), ended],
  ])("nor is what they ask of useAuth's %s, and no frame shows it", async (_name, ask, refusal) => {
    let first: UseAuthResult | undefined;
    const Drafting = () => {
      const session = useAuth();
      first ??= session;
      return <p>{String(session.user?.["name"])}</p>;
    };
    const { frames } = renderRecorded(auth, <Drafting />);
    await screen.findByText("Ada");
    await act(async () => void (await change()));
    await screen.findByText("Bob");
    frames.length = 0;
    await act(() => expect(first && ask(first)).rejects.toMatchObject(refusal));
    await expect(auth.getAccessToken()).resolves.toSatisfy((token) => ownerOf(token) === "Bob");
    expect(senders()).toEqual([]);
    expect(frames.join()).not.toContain("Ada");
  });

  test("a `refetch` by its timers and closures later asks nothing, whatever the query asks by", async () => {
    const toasts: unknown[] = [];
    const client = new QueryClient({ queryCache: new QueryCache({ onError: toasts.push }) });
    const late: (() => Promise<{ error: unknown }>)[] = [];
    const Drafting = () => {
      for (const [name, source] of Object.entries({
        request: { request: { url: "/draft", method: "post" } },
        api: { queryFn: async () => (await auth.api.post("/draft")).status },
        fetch: {
          queryFn: async () => (await auth.fetch(`${server.url}/draft`, { method: "POST" })).status,
        },
      })) {
        // oxlint-disable-next-line react/rules-of-hooks -- the same three in every render
        const { refetch } = useAuthedQuery({ queryKey: [name], enabled: false, ...source });
        if (late.length < 3) late.push(refetch);
      }
      return null;
    };
    const Page = () => (useAuth().user?.["name"] === "Ada" ? <Drafting /> : null);
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Page />
      </AuthProvider>,
    );
    await act(async () => void (await change()));
    await expect.poll(() => auth.getState().user?.["name"]).toBe("Bob");
    for (const refetch of late) expect((await refetch()).error).toMatchObject(ended);
    expect(senders()).toEqual([]);
    expect(toasts).toEqual([]);
  });

  test("nor does it touch the next user's query of the same key", async () => {
    const late: (() => Promise<unknown>)[] = [];
    let trees = 0;
    const asked: number[] = [];
    const Whose = () => {
      const [tree] = useState(() => (trees += 1));
      const { data, status, refetch } = useAuthedQuery<{ owner: string }>({
        queryKey: ["whose"],
        async queryFn({ api }) {
          asked.push(tree);
          return (await api.get<{ owner: string }>("/whose")).data;
        },
      });
      late.push(refetch);
      return <p>{`${status} ${data?.owner}`}</p>;
    };
    const client = new QueryClient();
    render(
      <AuthProvider auth={auth} queryClient={client}>
        <Whose />
      </AuthProvider>,
    );
    await screen.findByText("success Ada");
    await act(async () => void (await change()));
    await screen.findByText("success Bob");
    asked.length = 0;
    await act(() => late[0]?.());
    expect(screen.getByText("success Bob")).toBeDefined();
    expect(asked).toEqual([]);
    await act(() => client.invalidateQueries());
    expect(asked).toEqual([trees]);
    expect(screen.getByText("success Bob")).toBeDefined();
  });

  test("what a mutationFn and a queryFn ask of their `api` after a pause is not sent", async () => {
    const pause = deferred();
    let save: (() => Promise<unknown>) | undefined;
    const Saving = () => {
      const { mutateAsync } = useAuthedMutation({
        async mutationFn(__, { api }) {
          await pause.promise;
          note(api.post("/draft"));
        },
      });
      useAuthedQuery({
        queryKey: ["paused"],
        async queryFn({ api }) {
          await pause.promise;
          note(api.post("/draft"));
        },
        enabled: auth.getState().user?.["name"] === "Ada",
      });
      save ??= mutateAsync;
      return null;
    };
    render(
      <AuthProvider auth={auth}>
        <Saving />
      </AuthProvider>,
    );
    await act(async () => void save?.().catch(() => {}));
    await act(async () => void (await change()));
    await expect.poll(() => auth.getState().user?.["name"]).toBe("Bob");
    await act(async () => pause.resolve());
    await expect.poll(() => outcomes).toMatchObject([canceled, canceled]);
    expect(senders()).toEqual([]);
  });
});
