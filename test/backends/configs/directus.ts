import { createAuth } from "react-authed-query";

export const auth = createAuth(); // signs in with login({ email, password, mode: "cookie" })
