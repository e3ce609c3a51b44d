import { act, screen } from "@testing-library/react";
import { RequireAuth, type User } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { describe, expect, test } from "vitest";
import { expectWarning } from "../support/expectWarning.js";
import { renderRecorded } from "../support/frames.js";
import { ada, bob, signIn } from "../support/people.js";
import { setup } from "../support/setup.js";

const isAda = (user: User) => user["name"] === "Ada";

function Door({ check }: { check?: (user: User) => boolean }): ReactElement {
  return (
    <RequireAuth
      pending={<p>one moment</p>}
      fallback={<p>sign in</p>}
      denied={<p>not for you</p>}
      {...(check && { check })}
    >
      <p>welcome</p>
    </RequireAuth>
  );
}

test("a deep link reloaded while signed in never shows the fallback", async () => {
  const { server, auth } = await setup({ signedIn: false });
  server.signInBefore();
  const { frames } = renderRecorded(auth, <Door />);
  expect(await screen.findByText("welcome")).toBeDefined();
  expect([...new Set(frames)]).toEqual(["one moment", "welcome"]);
});

test("a visitor sees the pending node, then the fallback, and after a login the children", async () => {
  const { server, auth } = await setup({ signedIn: false });
  const { frames } = renderRecorded(auth, <Door />);
  expect(await screen.findByText("sign in")).toBeDefined();
  await act(() => signIn(ada, auth, server));
  expect([...new Set(frames)]).toEqual(["one moment", "sign in", "welcome"]);
});

test("with the API down the pending function is told why, and its retry recovers", async () => {
  const { server, auth } = await setup({ signedIn: false });
  server.signInBefore();
  server.on("POST /auth/refresh", (_, response) => void response.writeHead(503).end());
  renderRecorded(
    auth,
    <RequireAuth
      pending={(error, retry) => <button onClick={retry}>{error?.code ?? "loading"}</button>}
      fallback="sign in"
    >
      welcome
    </RequireAuth>,
  );
  const button = await screen.findByText("unavailable");
  server.off("POST /auth/refresh");
  act(() => button.click());
  expect(await screen.findByText("welcome")).toBeDefined();
});

describe("check", () => {
  test("shows `denied` to whom it refuses, and is not asked before someone is signed in", async () => {
    const { server, auth } = await setup({ signedIn: false });
    const asked: unknown[] = [];
    const check = (user: User) => {
      asked.push(user["name"]);
      return isAda(user);
    };
    renderRecorded(auth, <Door check={check} />);
    await screen.findByText("sign in");
    expect(asked).toEqual([]);
    await act(() => signIn(bob, auth, server));
    expect(screen.getByText("not for you")).toBeDefined();
    await act(() => signIn(ada, auth, server));
    expect(screen.getByText("welcome")).toBeDefined();
  });

  test("is not asked of a user whom nothing names: that one is denied", async () => {
    const { server, auth } = await setup({ signedIn: false });
    expectWarning(/The access token is no JWT/);
    expectWarning(/nothing tells one person from another/);
    server.tokens.make = () => "opaque";
    renderRecorded(auth, <Door check={() => true} />);
    await screen.findByText("sign in");
    await act(() => signIn({}, auth, server));
    expect(screen.getByText("not for you")).toBeDefined();
  });

  test("shows nothing where `denied` is omitted", async () => {
    const { auth } = await setup();
    const { frames } = renderRecorded(
      auth,
      <RequireAuth pending="one moment" fallback="sign in" check={() => false}>
        welcome
      </RequireAuth>,
    );
    expect([...new Set(frames)]).toEqual([""]);
  });

  test("takes the children away from a user who loses the right, also under a later refusal", async () => {
    const { server, auth } = await setup();
    const Editor = () => <p>draft {useState(0)[0]}</p>;
    const { frames } = renderRecorded(
      auth,
      <RequireAuth
        pending=""
        fallback="sign in again"
        denied="not for you"
        check={({ name }) => name === "Ada"}
        keepExpired
      >
        <Editor />
      </RequireAuth>,
    );
    expect(frames.at(-1)).toBe("draft 0");
    act(() => auth.setUser({ ...ada, name: "Ada the demoted" }));
    expect(frames.at(-1)).toBe("not for you");
    expectWarning(/the cookie seems not to arrive/);
    server.revokeSession();
    await act(() => auth.getAccessToken({ forceRefresh: true }));
    expect(frames.at(-1)).toBe("sign in again");
  });
});
