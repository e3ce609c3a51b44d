import axios, { AxiosError, type InternalAxiosRequestConfig } from "axios";

export const api = axios.create({ baseURL: "/api" });

let token = "";
let isRefreshing = false;
let waiting: (() => void)[] = [];

api.interceptors.request.use((config) => {
  config.headers.set("Authorization", `Bearer ${token}`);
  return config;
});

api.interceptors.response.use(undefined, async (error: AxiosError) => {
  const config: (InternalAxiosRequestConfig & { isRetry?: boolean }) | undefined = error.config;
  if (!config || error.response?.status !== 401 || config.isRetry) throw error;
  config.isRetry = true;
  if (isRefreshing) {
    await new Promise<void>((resume) => waiting.push(resume));
    return api(config);
  }
  isRefreshing = true;
  try {
    const { data } = await axios.post<{ accessToken: string }>("/api/auth/refresh");
    token = data.accessToken;
    for (const resume of waiting) resume();
    return await api(config);
  } catch (failure) {
    window.location.assign("/login");
    throw failure;
  } finally {
    isRefreshing = false;
    waiting = [];
  }
});
