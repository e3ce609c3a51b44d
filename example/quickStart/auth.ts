import { createAuth } from "react-authed-query";

export const auth = createAuth({ baseURL: "/api" });
void auth.ready(); // starts restoring now, without waiting for React
