import { onlineManager, useMutation } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { AuthProvider, useApi, useAuthedMutation } from "react-authed-query";
import { useEffect, useLayoutEffect } from "react";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { sendJSON } from "../../support/authServer.js";
import { deferred } from "../../support/deferred.js";
import { renderRecorded } from "../../support/frames.js";
import { bob, ownerOf, signIn } from "../../support/people.js";
import { pass } from "../../support/realTime.js";
import { auth, server, start } from "../../support/started.js";

describe("a mutation of the first user never runs with the next one's token", () => {
  beforeEach(() => start());

  afterEach(() => onlineManager.setOnline(true));

  /** Who sent a `POST /whose`, by the tokens that the server saw. */
  const senders = () =>
    server.requests
      .filter(({ method, path }) => method === "POST" && path === "/whose")
      .map(({ token }) => token && ownerOf(token));

  const both: [string, () => { mutate: () => void; isPaused: boolean }][] = [
    ["useAuthedMutation", () => useAuthedMutation({ request: () => "/whose" })],
    [
      "useMutation",
      () => {
        const api = useApi();
        return useMutation({ mutationFn: () => api.post("/whose") });
      },
    ],
  ];

  test.each(both)("when it is paused offline (%s)", async (_, useIt) => {
    const Saving = () => {
      const { mutate, isPaused } = useIt();
      return <button onClick={() => mutate()}>{isPaused ? "paused" : "save"}</button>;
    };
    renderRecorded(auth, <Saving />);
    onlineManager.setOnline(false);
    act(() => screen.getByRole("button").click());
    await screen.findByText("paused");
    await act(() => signIn(bob, auth, server));
    await act(async () => onlineManager.setOnline(true));
    await act(() => pass(20));
    expect(senders()).toEqual([]);
  });

  test("when it waits for a retry", async () => {
    server.on("POST /whose", (_, response) => sendJSON(response, 500, {}));
    const Saving = () => {
      const api = useApi();
      const { mutate, failureCount } = useMutation({
        mutationFn: () => api.post("/whose"),
        retry: 3,
        retryDelay: 100,
      });
      return <button onClick={() => mutate()}>failed {failureCount}</button>;
    };
    renderRecorded(auth, <Saving />);
    act(() => screen.getByRole("button").click());
    await screen.findByText("failed 1");
    await act(() => signIn(bob, auth, server));
    await act(() => pass(150));
    expect(senders()).toEqual(["Ada"]);
  });

  test("when its onMutate is still at work", async () => {
    const work = deferred();
    const Saving = () => {
      const api = useApi();
      const { mutate } = useMutation({
        mutationFn: () => api.post("/whose"),
        onMutate: () => work.promise,
      });
      return <button onClick={() => mutate()}>save</button>;
    };
    renderRecorded(auth, <Saving />);
    act(() => screen.getByRole("button").click());
    await act(() => signIn(bob, auth, server));
    await act(async () => work.resolve());
    await act(() => pass(20));
    expect(senders()).toEqual([]);
  });

  describe.each([
    ["useLayoutEffect", useLayoutEffect],
    ["useEffect", useEffect],
  ])("when a component saves as it is unmounted, in its %s", (__, useAnyEffect) => {
    test.each(both)("(%s)", async (_, useIt) => {
      const Autosave = () => {
        const { mutate } = useIt();
        useAnyEffect(() => mutate, [mutate]);
        return null;
      };
      // Without StrictMode, which saves at once.
      render(
        <AuthProvider auth={auth}>
          <Autosave />
        </AuthProvider>,
      );
      await act(() => signIn(bob, auth, server));
      await act(() => pass(20));
      expect(senders()).toEqual([]);
    });
  });

  test.each([
    ["sends nothing", {}],
    ["shows nothing in advance", { onMutate: () => void optimistic.push("Ada's") }],
  ])(
    "when a timer or a closure calls useAuthedMutation late: it %s, and settles session_ended",
    async (_, options) => {
      let saveAsAda: (() => Promise<unknown>) | undefined;
      const Debounced = () => {
        const { mutateAsync } = useAuthedMutation({ request: () => "/whose", ...options });
        saveAsAda ??= mutateAsync;
        return null;
      };
      renderRecorded(auth, <Debounced />);
      await act(() => signIn(bob, auth, server));
      await act(() => expect(saveAsAda?.()).rejects.toMatchObject({ code: "session_ended" }));
      expect([senders(), optimistic]).toEqual([[], []]);
    },
  );

  const optimistic: string[] = [];
});
