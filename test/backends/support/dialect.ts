import type { Auth } from "react-authed-query";
import type { Routes } from "./backend.js";
import type { Front } from "./front.js";
import type { Vault } from "./vault.js";

/** One backend: what it answers, the lines that fit it, and what can be had of it. */
export interface Dialect {
  name: string;
  /** The lines that the document shows, as a module. */
  lines: () => Promise<{ auth: Auth }>;
  /** Speaks exactly as the backend does. */
  routes: (vault: Vault) => Routes;
  /** What keeps the refresh token in a cookie, where the backend itself does not. */
  front?: Front;
  /** Access tokens are no JWTs. */
  isOpaque?: boolean;
  /** What the app passes to `login()`. */
  credentials: (password: string) => object;
  /** The status of a wrong password. */
  wrongPassword: number;
  /** Asks the API for something of the person's; `GET /orders` if omitted. */
  ask?: (auth: Auth) => Promise<unknown>;
  /** Method and path of the refresh, as the page sends it; `undefined` if there is none. */
  refreshRoute: string | undefined;
  /** The refresh takes the token it replaces, which has to be good. */
  renewsOnlyValid?: boolean;
  /** The API answers a bad token as it answers a visitor. */
  welcomesGuests?: boolean;
  /** A reload finds the person signed in. */
  survivesReload: boolean;
  /**
   * What a logout does: it `"ends"` the session, `"forgets"` the cookie while a stolen one would
   * stay good, or there is `"none"`.
   */
  logout: "ends" | "forgets" | "none";
  /** What `useAuth().user` holds; `null` if the backend names nobody. */
  user: object | null;
  /** What it holds after a reload, where that is something else: the refresh names nobody. */
  userAfterReload?: object;
}

/** What the API has for the person. */
export const orders = ["one", "two"];
