import type { AxiosRequestConfig } from "axios";
import { auth } from "./auth";

export const request = async <Body>(config: AxiosRequestConfig): Promise<Body> =>
  (await auth.api.request<Body>(config)).data;
