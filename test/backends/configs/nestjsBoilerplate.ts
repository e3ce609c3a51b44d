import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api/v1",
  login: "/auth/email/login",
});
