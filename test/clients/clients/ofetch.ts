import { createFetch } from "ofetch";
import { auth, baseURL } from "./auth";

export const api = createFetch({ defaults: { baseURL, retry: false }, fetch: auth.fetch });
