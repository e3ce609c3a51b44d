import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach } from "vitest";

// A busy machine needs more than the default second. A test that passes waits no longer for it.
configure({ asyncUtilTimeout: 60_000 });

// The files of one worker share one page, so each test finds it without a record of an earlier one, whose
// server may have had the same port, and leaves it empty.
beforeEach(() => {
  if (typeof localStorage !== "undefined") localStorage.clear();
});

afterEach(() => {
  cleanup();
  if (typeof document === "undefined") return;
  document.head.replaceChildren();
  document.body.replaceChildren();
});
