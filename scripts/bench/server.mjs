// An API and its auth server in a process of their own: one token is good, until the next or "expire".
import { createServer } from "node:http";

let count = 0;
let good = "";
const server = createServer((request, response) => {
  const answer = (status, body) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
  request.resume();
  request.on("end", () => {
    if (request.url === "/refresh") {
      good = `token-${(count += 1)}`;
      answer(200, { accessToken: good, user: { id: "1" } });
    } else if (request.url === "/expire") {
      good = "";
      answer(200, {});
    } else if (request.headers.authorization === `Bearer ${good}`) answer(200, { id: 1 });
    else answer(401, { error: "expired" });
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", 4096, () => process.send(server.address().port));
