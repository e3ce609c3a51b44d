import { expect, onTestFinished, test, vi } from "vitest";
import { withoutHeaders } from "../../src/http/concealToken.js";

test("the request of an answer is the browser's own, where that shows no header", () => {
  class FakeXMLHttpRequest {
    readonly status = 200;
  }
  vi.stubGlobal("XMLHttpRequest", FakeXMLHttpRequest);
  onTestFinished(() => void vi.unstubAllGlobals());
  const request = new FakeXMLHttpRequest();
  expect(withoutHeaders(request)).toBe(request);
});
