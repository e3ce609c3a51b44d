import axios from "axios";
import { createAuth } from "react-authed-query";

const instance = axios.create({ baseURL: "/api", timeout: 20_000 });

// The same instance from now on, and its other interceptors stay.
export const auth = createAuth({ axios: instance });
export const { api } = auth;
