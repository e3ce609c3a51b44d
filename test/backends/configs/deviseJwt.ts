import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/users/sign_in", // login({ user: { email, password } }); the token is in a header
  refresh: () => new Response(null, { status: 401 }), // there is none: a 401 ends the session
  logout: { url: "/users/sign_out", method: "DELETE", sendToken: true },
});
