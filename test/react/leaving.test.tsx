import { QueryCache, QueryClient } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import axios, { type AxiosInstance } from "axios";
import {
  AuthProvider,
  createAuth,
  useApi,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
  type UseAuthResult,
} from "react-authed-query";
import {
  Activity,
  Component,
  lazy,
  StrictMode,
  Suspense,
  useEffect,
  useInsertionEffect,
  useLayoutEffect,
  useState,
  type ReactElement,
} from "react";
import { beforeEach, describe, expect, expectTypeOf, onTestFinished, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { needActivity } from "../support/needReact.js";
import { sendJSON } from "../support/authServer.js";
import { deferred } from "../support/deferred.js";
import { renderRecorded } from "../support/frames.js";
import { createOrigin } from "../support/origin.js";
import { bob, ownerOf, serveOwners, signIn } from "../support/people.js";
import { pass } from "../support/realTime.js";
import { setup, type Setup, type SetupOptions } from "../support/setup.js";

let server: Setup["server"];
let auth: Setup["auth"];
let clock: Setup["clock"];
/** Another tab of the same app. */
let other: Setup["auth"];

async function start(options?: SetupOptions): Promise<void> {
  const started = await setup(options);
  ({ server, auth, clock } = started);
  serveOwners(server);
  server.on("POST /draft", (_, response) => sendJSON(response, 200, {}));
}

async function startBesideOther(): Promise<void> {
  const origin = createOrigin();
  await start({ platform: origin.tab() });
  other = createAuth(
    { baseURL: server.url, fetch: server.fetch },
    { ...clock.platform, ...origin.tab() },
  );
  onTestFinished(() => other.dispose());
  await other.ready();
}

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

/** Who sent a `POST /draft`, by the tokens that the server saw; `undefined` for nobody. */
const senders = () =>
  server.requests
    .filter(({ method, path }) => method === "POST" && path === "/draft")
    .map(({ token }) => token && ownerOf(token));

/** What became of each attempt to save. */
let outcomes: unknown[];

beforeEach(() => {
  outcomes = [];
});

const canceled = { code: "ERR_CANCELED", cause: { code: "session_ended" } };
const ended = { code: "session_ended" };

function note(saving: Promise<unknown>): void {
  // What the end of a test unmounts is no matter of the next.
  const own = outcomes;
  saving.then(
    () => own.push("saved"),
    (error: unknown) => own.push(error),
  );
}

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

describe.each(changes)("25: at %s", (_, change) => {
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

describe("25: what the leaving tree asks for", () => {
  test.each([
    ["added before the Auth", true],
    ["added after it", false],
  ])("is refused also where an interceptor holds it up: %s", async (_, isBefore) => {
    const own = axios.create();
    const held = deferred();
    const add = () =>
      void own.interceptors.request.use(async (config) => {
        if (config.method === "post") await held.promise;
        return { ...config };
      });
    if (isBefore) add();
    await start({ axios: own });
    if (!isBefore) add();
    own.defaults.baseURL = server.url;
    const Autosave = () => {
      const api = useApi();
      useEffect(
        () => () => {
          note(api.post("/draft"));
          note(auth.api.post("/draft"));
        },
        [api],
      );
      return null;
    };
    render(
      <AuthProvider auth={auth}>
        <Autosave />
      </AuthProvider>,
    );
    const late = auth.api.post("/draft");
    note(late);
    await act(() => signIn(bob, auth, server));
    await act(async () => held.resolve());
    await expect.poll(() => outcomes).toMatchObject([canceled, canceled, canceled]);
    expect(senders()).toEqual([]);
  });

  test("is refused also when nobody signs in afterwards", async () => {
    await start();
    const Autosave = () => {
      useEffect(() => () => note(auth.api.post("/draft")), []);
      return null;
    };
    render(
      <AuthProvider auth={auth}>
        <Autosave />
      </AuthProvider>,
    );
    await act(() => auth.logout());
    await expect.poll(() => outcomes).toMatchObject([canceled]);
    expect(senders()).toEqual([]);
  });

  test.for(["Activity", "Suspense"])(
    "is refused also where %s hides the provider, and what is asked for then goes on",
    async (kind, context) => {
      if (kind === "Activity") needActivity(context);
      await start();
      const Autosave = () => {
        useInsertionEffect(() => () => note(auth.api.post("/draft")), []);
        useLayoutEffect(() => () => note(auth.api.post("/draft")), []);
        useEffect(() => () => note(auth.api.post("/draft")), []);
        return <p>{String(useAuth().user?.["name"])}</p>;
      };
      const never = new Promise<never>(() => {});
      const Hidden = lazy(() => never);
      const app = (isHidden: boolean) => {
        const provided = (
          <AuthProvider auth={auth}>
            <Autosave />
          </AuthProvider>
        );
        return kind === "Activity" ? (
          <Activity mode={isHidden ? "hidden" : "visible"}>{provided}</Activity>
        ) : (
          <Suspense fallback="hidden">
            {provided}
            {isHidden && <Hidden />}
          </Suspense>
        );
      };
      const { rerender } = render(app(false));
      await act(async () => rerender(app(true)));
      await act(() => pass(20));
      // Hidden, and still Ada's.
      await act(() => signIn(bob, auth, server));
      await act(() => pass(20));
      await auth.api.post("/draft");
      expect(senders().filter((name) => name !== "Ada")).toEqual(["Bob"]);
    },
  );

  test("is refused in each of two providers of one Auth, also where one holds the other", async () => {
    await start();
    const Autosave = () => {
      useEffect(() => () => note(auth.api.post("/draft")), []);
      return null;
    };
    const queryClient = new QueryClient();
    render(
      <AuthProvider auth={auth} queryClient={queryClient}>
        <Autosave />
        <AuthProvider auth={auth} queryClient={queryClient}>
          <Autosave />
        </AuthProvider>
        <Autosave />
      </AuthProvider>,
    );
    await act(() => signIn(bob, auth, server));
    await expect.poll(() => outcomes).toMatchObject([canceled, canceled, canceled]);
    await auth.api.post("/draft");
    expect(senders()).toEqual(["Bob"]);
  });

  test("is sent when it is unmounted while its user is still here", async () => {
    await start();
    const Autosave = () => {
      const api = useApi();
      useEffect(() => () => note(api.post("/draft")), [api]);
      return null;
    };
    const { rerender } = render(
      <AuthProvider auth={auth}>
        <Autosave />
      </AuthProvider>,
    );
    rerender(<AuthProvider auth={auth} />);
    await expect.poll(() => outcomes).toEqual(["saved"]);
    expect(senders()).toEqual(["Ada"]);
  });
});

describe("useApi", () => {
  let seen: AxiosInstance[];

  function Probe(): ReactElement {
    const api = useApi();
    const { status } = useAuth();
    seen.push(api);
    return <p>{status}</p>;
  }

  const renderProbes = () =>
    render(
      <StrictMode>
        <AuthProvider auth={auth}>
          <Probe />
          <Probe />
        </AuthProvider>
      </StrictMode>,
    );

  beforeEach(() => {
    seen = [];
  });

  test("gives one instance for one person, whoever asks, and another for the next", async () => {
    await start();
    const { rerender } = renderProbes();
    rerender(
      <StrictMode>
        <AuthProvider auth={auth}>
          <Probe />
          <Probe />
          <Probe />
        </AuthProvider>
      </StrictMode>,
    );
    server.expireTokens();
    await act(async () => void (await auth.api.get("/me")));
    await act(() => signIn({ sub: "u1", name: "Ada" }, auth, server));
    expect(new Set(seen).size).toBe(1);
    await act(() => signIn(bob, auth, server));
    expect(new Set(seen).size).toBe(2);
  });

  test("a visitor's instance goes on as the user who signs in", async () => {
    await start({ signedIn: false });
    await auth.ready();
    renderProbes();
    const [api] = seen;
    await expect(api?.get("/whose")).rejects.toMatchObject({ status: 401 });
    await act(() => signIn(bob, auth, server));
    expect(await api?.get("/whose")).toMatchObject({ data: { owner: "Bob" } });
    expect(new Set(seen).size).toBe(1);
  });

  test("after a refusal the same user's instance goes on when that user is back", async () => {
    await start();
    renderProbes();
    const [api] = seen;
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    await act(() => signIn({ sub: "u1", name: "Ada" }, auth, server));
    expect(await api?.get("/whose")).toMatchObject({ data: { owner: "Ada" } });
  });

  test("behaves like the app's own axios instance", async () => {
    const own = axios.create({ timeout: 5000 });
    const order: string[] = [];
    own.interceptors.request.use((config) => {
      order.push("request");
      return config;
    });
    await start({ axios: own });
    own.defaults.baseURL = server.url;
    renderProbes();
    const [api] = seen;
    if (!api) throw new Error("Nothing was rendered.");
    expectTypeOf(api).toEqualTypeOf<AxiosInstance>();
    expect(api).toBeTypeOf("function");
    expect(api.defaults).toBe(own.defaults);
    expect(api.interceptors).toBe(own.interceptors);
    expect(api.getUri({ url: "/whose", params: { a: 1 } })).toBe(
      own.getUri({ url: "/whose", params: { a: 1 } }),
    );
    expect(api.create().defaults.timeout).toBe(5000);
    // A method is the same each time, as a dependency of an effect has to be.
    expect(api.get).toBe(api.get);
    expect(Object.keys(api)).toEqual(Object.keys(own));
    const { get } = api;
    const answers = await Promise.all([
      api("/whose"),
      api({ url: "/whose" }),
      api.request({ url: "/whose" }),
      get("/whose"),
    ]);
    expect(answers.map(({ data }) => data as unknown)).toEqual(
      Array.from({ length: 4 }, () => ({ owner: "Ada", path: "/whose" })),
    );
    expect(order).toEqual(["request", "request", "request", "request"]);
    const { config: ownConfig } = await own.get("/whose");
    for (const { config } of answers) {
      expect(Object.getOwnPropertySymbols(config)).toEqual(Object.getOwnPropertySymbols(ownConfig));
    }
    await api.postForm("/whose", { a: "b" });
    expect(server.requests.at(-1)).toMatchObject({ method: "POST", path: "/whose" });
  });
});
