import { configureStore } from "@reduxjs/toolkit";
import { createApi, fetchBaseQuery } from "@reduxjs/toolkit/query/react";
import { auth, baseURL } from "./auth";

export const api = createApi({
  baseQuery: fetchBaseQuery({ baseUrl: baseURL, fetchFn: auth.fetch }),
  endpoints: () => ({}),
});
export const store = configureStore({
  reducer: { api: api.reducer },
  middleware: (defaults) => defaults().concat(api.middleware),
});
auth.onLogout(() => store.dispatch(api.util.resetApiState()));
