import createClient from "openapi-fetch";
import { auth, baseURL } from "./auth";
import type { paths } from "./generated/schema";

export const api = createClient<paths>({ baseUrl: baseURL, fetch: auth.fetch });
