import ky from "ky";
import { auth, baseURL } from "./auth";

export const api = ky.create({ prefix: baseURL, fetch: auth.fetch });
