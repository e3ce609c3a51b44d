import axios from "axios";
import { createAuth } from "react-authed-query";

const ada = { sub: "u1", name: "Ada" };
const accessToken = `${btoa("{}")}.${btoa(JSON.stringify(ada))}.signature`.replaceAll("=", "");
let sent;

function answer(config) {
  sent = config.headers.get("authorization");
  return Promise.resolve({ status: 200, statusText: "OK", headers: {}, config, data: ["tea"] });
}

test("a session is there without a server", async () => {
  const auth = createAuth({
    axios: axios.create({ adapter: answer }),
    refresh: () => ({ accessToken }),
    logout: () => ({}),
    tabs: false,
  });
  expect(await auth.ready()).toMatchObject({ status: "authenticated", user: ada });
  expect(await auth.api.get("/orders")).toMatchObject({ data: ["tea"] });
  expect(sent).toBe(`Bearer ${accessToken}`);
  expect(await auth.logout()).toEqual({ serverTold: true });
});
