// What apps write by hand: interceptors that queue what is answered 401 while one refresh is under way.
import axios from "axios";

/**
 * @param refresh - gets a new token.
 * @returns the instance, and a function that signs in.
 */
export function createQueueClient(options, refresh) {
  const api = axios.create(options);
  let token;
  let isRefreshing = false;
  let queue = [];

  api.interceptors.request.use((config) => {
    config.headers.Authorization = `Bearer ${token}`;
    return config;
  });
  api.interceptors.response.use(undefined, async (error) => {
    const { config, response } = error;
    if (response?.status !== 401 || config.isRetry) throw error;
    config.isRetry = true;
    // A late 401: the token it was sent with has been renewed meanwhile.
    if (config.headers.Authorization !== `Bearer ${token}`) return api(config);
    if (isRefreshing) {
      await new Promise((resolve, reject) => queue.push({ resolve, reject }));
      return api(config);
    }
    isRefreshing = true;
    try {
      token = await refresh();
      queue.forEach(({ resolve }) => resolve());
      return api(config);
    } catch (failure) {
      queue.forEach(({ reject }) => reject(failure));
      throw failure;
    } finally {
      isRefreshing = false;
      queue = [];
    }
  });
  return { api, signIn: async () => (token = await refresh()) };
}
