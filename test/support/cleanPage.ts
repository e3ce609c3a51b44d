import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// A busy machine needs more than the default second. A test that passes waits no longer for it.
configure({ asyncUtilTimeout: 60_000 });

// The files of one worker share one page, so each test leaves it empty.
afterEach(() => {
  cleanup();
  if (typeof document === "undefined") return;
  document.head.replaceChildren();
  document.body.replaceChildren();
});
