import { createAuth } from "react-authed-query";

/** Who is signed in, as the park's server describes a person. */
export interface ParkUser {
  id: string;
  name: string;
  email: string;
  role: "visitor" | "admin";
}

declare module "react-authed-query" {
  interface Register {
    user: ParkUser;
  }
}

// The server lets in only what carries this header: no form of another site can add it.
const headers = { "X-Requested-With": "park" };

export const auth = createAuth({
  baseURL: "/api",
  login: { url: "/auth/login", headers },
  refresh: { url: "/auth/refresh", headers },
  logout: { url: "/auth/logout", headers },
});

auth.api.defaults.headers.common["X-Requested-With"] = "park";

/** Makes an account and signs in to it: any call that answers with a session is a login. */
export function signUp(account: { name: string; email: string; password: string }) {
  return auth.login(({ fetch }) =>
    fetch("/auth/signup", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: JSON.stringify(account),
    }),
  );
}
