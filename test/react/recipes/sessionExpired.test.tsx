import { act, fireEvent, screen } from "@testing-library/react";
import { useAuth, type Auth } from "react-authed-query";
import { beforeAll, expect, test } from "vitest";
import { KeepsForms } from "../../../example/recipes/sessionExpired.js";
import { expectWarning } from "../../support/expectWarning.js";
import { failure } from "../../support/failure.js";
import { renderRecorded } from "../../support/frames.js";
import { ada, bob, signIn } from "../../support/people.js";
import { setup } from "../../support/setup.js";

beforeAll(() => {
  // jsdom has the element, not its methods.
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
});

function Letter() {
  const { user } = useAuth();
  return <textarea aria-label="letter" placeholder={`from ${String(user?.["name"])}`} />;
}

/** Someone has written half a letter when the session expires, which this request meets first. */
async function expired(
  person: Record<string, unknown> = { ...ada, email: "ada@example.com" },
  meet: (auth: Auth) => Promise<unknown> = (auth) => auth.getAccessToken({ forceRefresh: true }),
) {
  const { server, auth } = await setup({ signedIn: false });
  await signIn(person, auth, server);
  renderRecorded(
    auth,
    <KeepsForms pending={<p>One moment …</p>} login={<p>the login page</p>}>
      <Letter />
    </KeepsForms>,
  );
  fireEvent.change(screen.getByLabelText("letter"), { target: { value: "Dear" } });
  expectWarning(/the cookie seems not to arrive/);
  server.revokeSession();
  await act(() => meet(auth));
  expect(await screen.findByText(/Your session has expired/)).toBeDefined();
  return { server, auth };
}

async function submit(password: string): Promise<void> {
  fireEvent.change(screen.getByLabelText("Password"), { target: { value: password } });
  await act(async () => screen.getByText("Go on").click());
}

const letter = () => screen.getByLabelText<HTMLTextAreaElement>("letter").value;

test("the dialog says whose session it was, and asks that user for the password", async () => {
  const { server } = await expired();
  expect(screen.getByText("ada@example.com")).toBeDefined();
  await submit("wrong");
  const sent: unknown = JSON.parse(String(server.requests.at(-1)?.body));
  expect(sent).toEqual({ email: "ada@example.com", password: "wrong" });
});

test("where no e-mail is known, the dialog asks for it", async () => {
  const { server } = await expired(ada);
  expect(screen.getByRole("dialog").textContent).not.toMatch(/signed in as|undefined/);
  fireEvent.change(screen.getByLabelText("E-mail"), { target: { value: "ada@example.com" } });
  await submit("right");
  const sent: unknown = JSON.parse(String(server.requests.at(-1)?.body));
  expect(sent).toEqual({ email: "ada@example.com", password: "right" });
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(letter()).toBe("Dear");
});

test("what was refused is not sent again by itself", async () => {
  const { server } = await expired(undefined, (auth) => failure(auth.api.post("/letters")));
  await submit("right");
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(server.received("POST /letters")).toBe(1);
});

test("the same user goes on writing", async () => {
  await expired();
  expect(letter()).toBe("Dear");
  await submit("wrong");
  expect(await screen.findByText("That was not right.")).toBeDefined();
  await submit("right");
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(letter()).toBe("Dear");
});

test("another user finds nothing of the letter", async () => {
  const { server } = await expired();
  server.tokens.claims = bob;
  await submit("right");
  await expect.poll(() => screen.queryByRole("dialog")).toBeNull();
  expect(letter()).toBe("");
});

test("whoever is someone else discards it", async () => {
  await expired();
  await act(async () => screen.getByText(/someone else/).click());
  expect(await screen.findByText("the login page")).toBeDefined();
  expect(screen.queryByLabelText("letter")).toBeNull();
});

test("without a connection it says so", async () => {
  const { server } = await expired();
  server.on("POST /auth/login", (_, response) => void response.writeHead(503).end());
  await submit("right");
  expect(await screen.findByText("That did not work. Try again in a moment.")).toBeDefined();
  expect(letter()).toBe("Dear");
});
