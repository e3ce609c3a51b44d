import {
  keepPreviousData,
  QueryClient,
  QueryClientProvider,
  useQuery,
  useQueryClient,
  useSuspenseQuery,
} from "@tanstack/react-query";
import { act, screen, waitFor } from "@testing-library/react";
import {
  authedQueryOptions,
  AuthProvider,
  useApi,
  useAuth,
  useAuthedQuery,
} from "react-authed-query";
import { Activity, Suspense, useState, type ReactElement } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../../support/deferred.js";
import { expectWarning } from "../../support/expectWarning.js";
import { recordFrames, renderRecorded } from "../../support/frames.js";
import { needActivity } from "../../support/needReact.js";
import { Authed, IfSignedIn, Mutation } from "../../support/ownedData.js";
import { bob, serveOwners, signIn, type Owned } from "../../support/people.js";
import { auth, other, server, start, startBesideOther } from "../../support/started.js";

/** Every way in which a session ends that another user may follow, and what it takes. */
const endings: [string, () => unknown, () => unknown][] = [
  ["logout", () => auth.logout(), start],
  ["a switch of user", () => signIn(bob, auth, server), start],
  ["a logout in another tab", () => other.logout(), startBesideOther],
  ["a login of another user in another tab", () => signIn(bob, other, server), startBesideOther],
  [
    "a refusal, with `forgetOnRefusal`",
    () => {
      expectWarning(/the cookie seems not to arrive/);
      server.revokeSession();
      return auth.getAccessToken({ forceRefresh: true });
    },
    () => start({ forgetOnRefusal: true }),
  ],
];

function Plain(): ReactElement {
  const api = useApi();
  const { data } = useQuery({
    queryKey: ["plain"],
    queryFn: async ({ signal }) => (await api.get<Owned>("/whose", { signal })).data,
  });
  return <p>plain of {data?.owner ?? "nobody"}</p>;
}

function Paged({ page }: { page: number }): ReactElement {
  const { data } = useAuthedQuery<Owned>({
    queryKey: ["page", page],
    request: `/whose/${page}`,
    placeholderData: keepPreviousData,
  });
  return (
    <p>
      page {page} of {data?.owner ?? "nobody"}
    </p>
  );
}

function Placeholder(): ReactElement {
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["details"],
    queryFn: () => new Promise<Owned>(() => {}),
    placeholderData: () => client.getQueryData<Owned>(["authed"]),
  });
  return <p>placeholder of {data?.owner ?? "nobody"}</p>;
}

function Suspended(): ReactElement {
  const { data } = useSuspenseQuery(
    authedQueryOptions<Owned>(auth, { queryKey: ["suspended"], request: "/whose" }),
  );
  return <p>suspended of {data.owner}</p>;
}

function Kept(): ReactElement {
  const { user } = useAuth();
  const [owner] = useState(user?.["name"]);
  return <p>draft of {typeof owner === "string" ? owner : "nobody"}</p>;
}

describe.each(endings)("after %s no frame shows the first user's data", (_, end, begin) => {
  beforeEach(async () => void (await begin()));

  test.each([
    ["useQuery", () => <Plain />, "plain of Ada"],
    ["useAuthedQuery", () => <Authed />, "authed of Ada"],
    ["state of a component", () => <Kept />, "draft of Ada"],
  ])("through %s", async (_name, component, shown) => {
    const { frames } = renderRecorded(auth, component());
    await screen.findByText(shown);
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/nobody|Bob/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through the data and variables of a mutation", async () => {
    const { frames } = renderRecorded(auth, <Mutation />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("mutation of Ada Ada's");
    frames.length = 0;
    await act(async () => void (await end()));
    expect(frames.at(-1)).toContain("nobody");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through keepPreviousData, with the page turned at the same moment", async () => {
    const queryClient = new QueryClient();
    const app = (page: number) => (
      <AuthProvider auth={auth} queryClient={queryClient}>
        <Paged page={page} />
      </AuthProvider>
    );
    const { frames, rerender } = recordFrames(app(1));
    await screen.findByText("page 1 of Ada");
    frames.length = 0;
    await act(async () => {
      const ended = end();
      rerender(app(2));
      await ended;
    });
    // The page may be turned before the other user is here: then it is the first user's own.
    const firstOther = frames.findIndex((frame) => !frame.includes("Ada"));
    await waitFor(() => expect(frames.at(-1)).toMatch(/page 2 of (nobody|Bob)/));
    expect(frames.slice(firstOther).filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through placeholderData from the cache", async () => {
    const { frames } = renderRecorded(
      auth,
      <>
        <Authed />
        <Placeholder />
      </>,
    );
    await screen.findByText("authed of Ada");
    await screen.findByText("placeholder of nobody");
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/authed of (nobody|Bob)/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("through Suspense", async () => {
    const { frames } = renderRecorded(
      auth,
      <Suspense fallback="suspended">
        <IfSignedIn>
          <Suspended />
        </IfSignedIn>
      </Suspense>,
    );
    await screen.findByText("suspended of Ada");
    frames.length = 0;
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).toMatch(/nobody|Bob/));
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test.for(["a hidden <Activity> below the provider", "a provider that a hidden <Activity> holds"])(
    "through %s",
    async (place, context) => {
      needActivity(context);
      const queryClient = new QueryClient();
      const provided = (children: ReactElement) => (
        <AuthProvider auth={auth} queryClient={queryClient}>
          {children}
        </AuthProvider>
      );
      // Elements that stay the same are not rendered again only because they are shown again.
      const page = (
        <>
          <Authed />
          <Kept />
        </>
      );
      const providedPage = provided(page);
      const app = (mode: "visible" | "hidden") =>
        place.includes("below") ? (
          provided(<Activity mode={mode}>{page}</Activity>)
        ) : (
          <Activity mode={mode}>{providedPage}</Activity>
        );
      const { frames, rerender } = recordFrames(app("visible"));
      await screen.findByText("authed of Ada");
      rerender(app("hidden"));
      frames.length = 0;
      await act(async () => void (await end()));
      expect(queryClient.getQueryData(["authed"])).not.toMatchObject({ owner: "Ada" });
      rerender(app("visible"));
      await waitFor(() => expect(frames.at(-1)).toMatch(/authed of (nobody|Bob)/));
      expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
    },
  );

  test("nor through a query that is observed above the provider", async () => {
    const queryClient = new QueryClient();
    const Above = () => {
      const { data } = useQuery<Owned>({
        queryKey: ["authed"],
        queryFn: () => new Promise(() => {}),
        enabled: false,
      });
      return <p>above: {data?.owner ?? "nobody"}</p>;
    };
    const { frames } = recordFrames(
      <QueryClientProvider client={queryClient}>
        <Above />
        <AuthProvider auth={auth}>
          <Authed />
        </AuthProvider>
      </QueryClientProvider>,
    );
    await screen.findByText("above: Ada");
    await act(async () => void (await end()));
    await waitFor(() => expect(frames.at(-1)).not.toContain("above: Ada"));
  });
});

describe("a first rendering that is suspended while the user changes", () => {
  beforeEach(() => start());

  /** What is rendered in it was not there yet, so nothing of it is unmounted. */
  function renderSuspended(asking: ReactElement) {
    return recordFrames(
      <QueryClientProvider client={new QueryClient()}>
        <Suspense fallback="suspended">
          <AuthProvider auth={auth}>{asking}</AuthProvider>
        </Suspense>
      </QueryClientProvider>,
    );
  }

  test("shows nothing that was asked for before", async () => {
    const answer = deferred<string>();
    const asked: unknown[] = [];
    const Asking = () => {
      const owner = String(useAuth().user?.["name"]);
      const { data } = useSuspenseQuery({
        queryKey: ["asking"],
        queryFn: () => (asked.push(owner) === 1 ? answer.promise : owner),
      });
      return <p>{data}</p>;
    };
    const { frames } = renderSuspended(<Asking />);
    await waitFor(() => expect(asked).toEqual(["Ada"]));
    await act(() => signIn(bob, auth, server));
    await act(async () => answer.resolve("Ada"));
    await screen.findByText("Bob");
    expect(frames.filter((frame) => frame.includes("Ada"))).toEqual([]);
  });

  test("asks again for the next user, without an error", async () => {
    server.on("/whose", () => {});
    renderSuspended(<Suspended />);
    await waitFor(() => expect(server.received("/whose")).toBe(1));
    serveOwners(server);
    await act(() => signIn(bob, auth, server));
    expect(await screen.findByText("suspended of Bob")).toBeDefined();
  });
});
