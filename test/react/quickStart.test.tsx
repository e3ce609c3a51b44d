import { fireEvent, screen } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { sendJSON, startAuthServer } from "../support/authServer.js";

afterEach(() => {
  vi.restoreAllMocks();
});

test("the quick start runs: it restores, says what went wrong, signs in, shows the orders, and signs out", async () => {
  const server = await startAuthServer();
  let isDown = true;
  for (const route of ["login", "refresh", "logout"]) {
    server.on(`POST /api/auth/${route}`, ({ path, body, headers }, response) => {
      // Of a login, 429 is an answer too, but says nothing about the password.
      if (isDown) return sendJSON(response, route === "login" ? 429 : 503, {});
      const { pathname } = new URL(path.replace("/api", ""), server.url);
      const init = {
        method: "POST",
        body: new Uint8Array(body),
        headers: { cookie: headers.cookie ?? "" },
      };
      return fetch(server.url + pathname, init).then(async (answer) =>
        sendJSON(response, answer.status, answer.status === 204 ? {} : await answer.json()),
      );
    });
  }
  server.on("GET /api/orders", ({ token }, response) =>
    sendJSON(response, token ? 200 : 401, ["boots", "a lamp"]),
  );
  // The page is served by the API's origin, as `baseURL: "/api"` means.
  document.head.innerHTML = `<base href="${server.url}/">`;
  document.body.innerHTML = '<div id="root"></div>';
  const messages: unknown[] = [];
  vi.spyOn(console, "log").mockImplementation((message) => messages.push(message));

  const { auth } = await import("../../example/quickStart/auth.js");
  await import("../../example/quickStart/main.js");
  await screen.findByText("No answer. Trying again …");
  isDown = false;
  fireEvent.change(await screen.findByLabelText("Password"), { target: { value: "wrong" } });
  screen.getByText("Sign in").click();
  await screen.findByText("Wrong e-mail or password.");
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: "right" } });
  isDown = true;
  screen.getByText("Sign in").click();
  await screen.findByText("Sign-in failed. Try again in a moment.");
  isDown = false;
  screen.getByText("Sign in").click();
  await screen.findByText("Orders: boots, a lamp");
  screen.getByText("Sign out").click();
  await screen.findByText("Sign in");
  expect(messages).toEqual(["Signed out: logout"]);
  await expect.poll(() => server.received("POST /auth/logout")).toBe(1);
  auth.dispose();
  await server.close();
});
