// A server that renders for visitors, and asks an API in a name of its own: node main.mjs API
import { createServer } from "node:http";
import { QueryClient } from "@tanstack/react-query";
import { AuthProvider, authedQueryOptions, createAuth, useAuth } from "react-authed-query";
import { createElement } from "react";
import { renderToString } from "react-dom/server";

const [baseURL] = process.argv.slice(2);
let cookie = "";

/** Without a browser, somebody has to keep the cookie. */
async function fetchWithCookie(input, init) {
  const headers = new Headers(init.headers);
  headers.set("cookie", cookie);
  const response = await fetch(input, { ...init, headers });
  for (const line of response.headers.getSetCookie()) [cookie] = line.split(";");
  return response;
}

const auth = createAuth({ baseURL, fetch: fetchWithCookie, tabs: false });

function Greeting() {
  const { status } = useAuth();
  return createElement("p", null, status);
}

function render() {
  const visitor = createAuth({ baseURL });
  return renderToString(createElement(AuthProvider, { auth: visitor }, createElement(Greeting)));
}

async function ask() {
  const client = new QueryClient();
  const options = ["/orders", "/prices"].map((request) =>
    authedQueryOptions(auth, { queryKey: [request], request }),
  );
  const answers = await Promise.all(options.map((each) => client.fetchQuery(each)));
  return answers.map(({ path }) => path).join(", ");
}

const answers = { "/": render, "/node": () => process.version, "/answers": ask };

await auth.login({ password: "right" });
const server = createServer(async ({ url }, response) => {
  response.end(await answers[url]());
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}`));
