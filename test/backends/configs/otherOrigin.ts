import { createAuth } from "react-authed-query";

export const auth = createAuth({
  baseURL: "https://api.example.com", // gets the token, and no cookie
  login: "https://accounts.example.com/login", // these three get the cookie, and no token
  refresh: "https://accounts.example.com/refresh",
  logout: "https://accounts.example.com/logout",
});
