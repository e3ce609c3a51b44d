import { createAuth } from "react-authed-query";

export const baseURL = `${location.origin}/api`;
export const auth = createAuth({ baseURL });
