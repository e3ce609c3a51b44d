import { createAuth } from "react-authed-query";

export const auth = createAuth({
  login: "/auth/sign_in", // the token is in the Authorization header of the answer
  refresh: () => new Response(null, { status: 401 }), // there is none: a 401 ends the session
  logout: { url: "/auth/sign_out", method: "DELETE", sendToken: true },
});
