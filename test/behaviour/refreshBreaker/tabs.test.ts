import { expect, test } from "vitest";
import { answer } from "../../support/answers.js";
import { failure } from "../../support/failure.js";
import { twoSignedIn } from "../../support/tabbedBrowser.js";

const refreshes = "POST /auth/refresh";

test("two tabs that hand each other the tokens of refreshes in vain stop all the same", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  server.on("/me", answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) await soon(failure(auth.api.get("/me")));
  }
  expect(server.received(refreshes)).toBe(4);
  for (const { auth } of [one, two]) expect(auth.getState().error).toBeNull();
});

test("nor do healthy endpoints beside it keep them going", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  server.on("/forbidden", answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) {
      await soon(failure(auth.api.get("/forbidden")));
      await soon(auth.api.get("/me"));
    }
  }
  expect(server.received(refreshes)).toBe(4);
});

test("two tabs of a deactivated user stop, and both say so", async () => {
  const { server, one, two, soon } = await twoSignedIn();
  const paths = ["/a", "/b", "/c"];
  for (const path of paths) server.on(path, answer(401, {}));
  for (let round = 0; round < 20; round += 1) {
    for (const { auth } of [one, two]) {
      for (const path of paths) await soon(failure(auth.api.get(path)));
    }
  }
  expect(server.received(refreshes)).toBeLessThanOrEqual(6);
  for (const { auth } of [one, two]) {
    expect(auth.getState().error).toMatchObject({ code: "unavailable", status: 401 });
  }
});
