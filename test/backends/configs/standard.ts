import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "/api", // POST /api/auth/login, /api/auth/refresh, /api/auth/logout
});
