import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { sendJSON, type AuthServer, type Handler } from "../../support/authServer";
import { addOrder, orderOf } from "./orders";
import { appRouter } from "./router";
import { execute, type GraphQLRequest } from "./schema";

/** Answers what the clients ask for: 401 without a good token. */
export function serve(server: AuthServer): void {
  for (const id of ["1", "2", "3", "4"]) {
    server.on(
      `GET /orders/${id}`,
      withToken(server, () => orderOf(id)),
    );
  }
  server.on(
    "POST /orders",
    withToken(server, ({ item }) => addOrder(item)),
  );
  server.on("/graphql", answerGraphQL(server, 401));
  for (const calls of ["order", "order,order,order,order", "prices,order", "addOrder"]) {
    server.on(`/trpc/${calls}`, answerTRPC(server));
  }
}

/** @param status - of the answer to an expired token; many GraphQL servers answer 200. */
export function answerGraphQL(server: AuthServer, status: 200 | 401): Handler {
  return async ({ method, search, body, token }, response) => {
    const sent = new URLSearchParams(search);
    const request: GraphQLRequest =
      method === "GET"
        ? { query: sent.get("query") ?? "", variables: JSON.parse(sent.get("variables") ?? "{}") }
        : JSON.parse(body.toString());
    const isSignedIn = server.accepts(token);
    sendJSON(response, isSignedIn ? 200 : status, await execute(request, isSignedIn));
  };
}

function withToken(server: AuthServer, answer: (body: { item: string }) => object): Handler {
  return ({ token, body }, response) => {
    if (!server.accepts(token)) return sendJSON(response, 401, { message: "expired" });
    sendJSON(response, 200, answer(JSON.parse(body.toString() || "{}")));
  };
}

function answerTRPC(server: AuthServer): Handler {
  return async ({ method, path, search, headers, body, token }, response) => {
    const { "content-type": type = "" } = headers;
    const req = new Request(`${server.url}${path}${search}`, {
      method,
      headers: { "content-type": type },
      body: method === "GET" ? null : body.toString(),
    });
    const createContext = () => ({ isSignedIn: server.accepts(token) });
    const options = { endpoint: "/trpc", req, router: appRouter, createContext };
    const answered = await fetchRequestHandler(options);
    sendJSON(response, answered.status, (await answered.json()) as object);
  };
}
