import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api/v1",
  login: "/login/access-token", // takes a form: login(new URLSearchParams({ username, password }))
  refresh: () => new Response(null, { status: 401 }), // there is none: a bad token ends the session
  logout: false,
  async refreshOn({ status, json }) {
    if (status !== 403) return false;
    const { detail } = (await json()) as { detail?: string };
    return detail === "Could not validate credentials"; // a 403 may also mean "not allowed"
  },
});
