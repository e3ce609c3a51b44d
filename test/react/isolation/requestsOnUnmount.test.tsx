import { QueryClient } from "@tanstack/react-query";
import { act, render } from "@testing-library/react";
import axios from "axios";
import { AuthProvider, useApi, useAuth } from "react-authed-query";
import { Activity, lazy, Suspense, useEffect, useInsertionEffect, useLayoutEffect } from "react";
import { beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../../support/deferred.js";
import { canceled, clearOutcomes, note, outcomes, senders } from "../../support/drafts.js";
import { needActivity } from "../../support/needReact.js";
import { bob, signIn } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, server, start } from "../../support/started.js";

beforeEach(clearOutcomes);

describe("what the leaving tree asks for", () => {
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
