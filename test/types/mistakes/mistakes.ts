import {
  authedInfiniteQueryOptions,
  authedMutationOptions,
  authedQueryOptions,
  createAuth,
  useAuthedMutation,
  useAuthedQuery,
} from "react-authed-query";

const auth = createAuth();
const queryKey = ["orders"];
const request = "/orders";
const queryFn = () => Promise.resolve(1);
const parse = () => 1;
const pages = { queryKey, initialPageParam: 1, getNextPageParam: () => null };

// Each line that is marked does not compile, and the compiler's message has the text of the mark.
export function useMistakes(): void {
  useAuthedQuery({ queryKey }); // Give `request` (a URL or an axios request config) or `queryFn`.
  useAuthedQuery<number>({ queryKey, retry: 1 }); // Give `request` (a URL or an axios request config) or `queryFn`.
  authedQueryOptions(auth, { queryKey }); // Give `request` (a URL or an axios request config) or `queryFn`.
  useAuthedQuery({ queryKey, request, queryFn }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  useAuthedQuery<number>({ queryKey, request, queryFn }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  authedQueryOptions(auth, { queryKey, request, queryFn }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  useAuthedQuery({ queryKey, queryFn, parse }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  authedInfiniteQueryOptions(auth, { ...pages, request: () => request, queryFn }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  authedInfiniteQueryOptions(auth, { ...pages, queryFn, parse }); // Give `request` (which `parse` may check) or `queryFn`, not both.
  useAuthedMutation({ mutationKey: queryKey }); // Give `request` (a function of the variables) or `mutationFn`.
  useAuthedMutation({ request: () => request, mutationFn: queryFn }); // Give `request` (which `parse` may check) or `mutationFn`, not both.
  useAuthedMutation({ mutationFn: queryFn, parse }); // Give `request` (which `parse` may check) or `mutationFn`, not both.
  authedMutationOptions(auth, { retry: 1 }); // Give `request` (a function of the variables) or `mutationFn`.
  authedMutationOptions(auth, { request: () => request, mutationFn: queryFn }); // Give `request` (which `parse` may check) or `mutationFn`, not both.
}
