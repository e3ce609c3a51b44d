import { act, fireEvent, render, screen } from "@testing-library/react";
import { useAuth, useAuthedMutation, useAuthedQuery, type LogoutReason } from "react-authed-query";
import { TestAuthProvider, type TestAuth } from "react-authed-query/testing";
import { useState } from "react";

export const ada = { id: "u1", name: "Ada" };
export const bob = { id: "u2", name: "Bob" };
export const answers = { "GET /orders": ["boots", "a lamp"] };

/** An app as others write it: it knows nothing of the kit. */
function Shop() {
  const { status, user, expiredUser, error, login, logout } = useAuth();
  const orders = useAuthedQuery<string[]>({ queryKey: ["orders"], request: "/orders" });
  const order = useAuthedMutation({
    request: (name: string) => ({ url: "/orders", method: "POST", data: { name } }),
  });
  const [trouble, setTrouble] = useState("");
  const signIn = () =>
    login({ password: "right" }).catch((thrown: Error) => setTrouble(thrown.message));
  return (
    <main>
      <p role="status">{[status, user?.["name"], error?.code].filter(Boolean).join(" ")}</p>
      {expiredUser && <p>Come back, {String(expiredUser["name"])}</p>}
      <ul>
        {orders.data?.map((name) => (
          <li key={name}>{name}</li>
        ))}
      </ul>
      <p role="alert">
        {[orders.error, order.error].map((each) => each?.message)} {trouble}
      </p>
      <input aria-label="draft" />
      <button onClick={() => void orders.refetch()}>Again</button>
      <button onClick={() => order.mutate("a hat")}>Order</button>
      <button onClick={() => void signIn()}>Sign in</button>
      <button onClick={() => void logout()}>Sign out</button>
    </main>
  );
}

/** Renders it, and waits until nothing happens any more. Returns why sessions ended. */
export async function renderShop(auth: TestAuth): Promise<LogoutReason[]> {
  const reasons: LogoutReason[] = [];
  render(
    <TestAuthProvider auth={auth} onLogout={({ reason }) => reasons.push(reason)}>
      <Shop />
    </TestAuthProvider>,
  );
  await auth.test.settled();
  return reasons;
}

export const status = () => screen.getByRole("status").textContent;
export const alert = () => screen.getByRole("alert").textContent?.trim();
export const shown = () => screen.queryAllByRole("listitem").map((item) => item.textContent);

/** Presses a button, and waits until nothing happens any more. */
export async function press(name: string, auth: TestAuth): Promise<void> {
  act(() => void fireEvent.click(screen.getByRole("button", { name })));
  await auth.test.settled();
}

/** What was asked, and how it was answered: `"GET /orders 200"`. */
export function asked({ test }: TestAuth): string[] {
  return test.requests.map(({ key, status: answered }) => `${key} ${answered ?? "-"}`);
}
