import { mutationOptions, queryOptions } from "@tanstack/react-query";
import axios from "axios";
import {
  AuthError,
  AuthProvider,
  authedMutationOptions,
  authedQueryOptions,
  createAuth,
  useAuth,
  useAuthedMutation,
  useAuthedQuery,
  type AuthState,
} from "react-authed-query";
import { AuthDevtools } from "react-authed-query/devtools";
import { createTestAuth, reply, TestAuthProvider } from "react-authed-query/testing";

declare module "react-authed-query" {
  interface Register {
    user: { id: string; name: string };
  }
}

const auth = createAuth({ axios: axios.create({ baseURL: "/api" }), refreshOn: [401] });
const parse = (body: unknown) => [String(body)];
const orders = authedQueryOptions(auth, { queryKey: ["orders"], request: "/orders", parse });
const prices = queryOptions({ queryKey: ["prices"], queryFn: () => [1] });
const order = authedMutationOptions(auth, { request: (name: string) => `/orders/${name}`, parse });
const pay = mutationOptions({ mutationFn: (price: number) => Promise.resolve(price) });
export const unsigned: Promise<unknown> = auth.api.get("/prices", { skipAuth: true });

export async function signIn(): Promise<AuthState | number | undefined> {
  try {
    return await auth.login({ name: "ada" });
  } catch (error) {
    return error instanceof AuthError ? error.status : undefined;
  }
}

function Orders() {
  const { user, logout } = useAuth();
  const { data = [] } = useAuthedQuery(orders);
  const first: number | undefined = useAuthedQuery({ ...prices, select: ([price]) => price }).data;
  const ordering = useAuthedMutation(order);
  const paying = useAuthedMutation(pay);
  // @ts-expect-error -- the price is a number
  paying.mutate("tea");
  // @ts-expect-error -- the user has no such field
  const unknown: unknown = user?.surname;
  return (
    <button onClick={() => ordering.mutate("tea")} onBlur={() => void logout()} title={user?.name}>
      {data.join()} {first?.toFixed()} {ordering.data?.length} {String(unknown)}
    </button>
  );
}

export const app = (
  <AuthProvider auth={auth}>
    <Orders />
    <AuthDevtools />
  </AuthProvider>
);

const answers = { "GET /orders": ["tea"], "POST /orders": () => reply(201) };
const tested = createTestAuth({ user: { id: "u1", name: "Ada" }, answers });
// @ts-expect-error -- the registered user has a name
tested.test.switchTo({ id: "u2" });
export const story = (
  <TestAuthProvider auth={tested}>{tested.test.requests.length}</TestAuthProvider>
);
