import { auth } from "./auth";

export const api = auth.api;
