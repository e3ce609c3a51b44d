import { render } from "@testing-library/react";
import { AuthProvider, useAuth } from "react-authed-query";
import { startTransition, useLayoutEffect, useState, type ReactElement } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { ada } from "../support/people.js";
import { setup } from "../support/setup.js";

afterEach(() => {
  vi.unstubAllGlobals();
});

test("a state that changes while a slow tree is rendering: no frame mixes the two", async () => {
  const { auth } = await setup();
  const frames: string[][] = [];
  let rendered = 0;
  let renderedAtChange = 0;
  let show: () => void = () => {};

  /** Takes longer than React works before it lets others in. */
  const work = () => {
    const end = performance.now() + 8;
    while (performance.now() < end);
    rendered += 1;
    if (rendered === 3) setTimeout(change);
  };
  /** Runs when React lets others in: between two slices of the rendering. */
  const change = () => {
    renderedAtChange = rendered;
    auth.setUser({ ...ada, name: "Ada L." });
  };
  const Slow = () => {
    work();
    return <i>{String(useAuth().user?.["name"])}</i>;
  };
  const Page = (): ReactElement => {
    const [isShown, setIsShown] = useState(false);
    useLayoutEffect(() => {
      show = () => setIsShown(true);
      frames.push([...document.querySelectorAll("i")].map(({ textContent }) => textContent));
    });
    return <>{isShown && Array.from({ length: 20 }, (_, index) => <Slow key={index} />)}</>;
  };
  render(
    <AuthProvider auth={auth}>
      <Page />
    </AuthProvider>,
  );
  // Outside act() React renders as in a browser: in slices.
  vi.stubGlobal("IS_REACT_ACT_ENVIRONMENT", false);
  startTransition(() => show());
  await expect.poll(() => frames.at(-1)?.at(-1), { timeout: 5000 }).toBe("Ada L.");
  expect(renderedAtChange).toBeLessThan(20);
  expect(frames.filter((frame) => new Set(frame).size > 1)).toEqual([]);
});
