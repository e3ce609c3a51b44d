/** A mistake of the app's own code, which throws at once. */
export type Misuse =
  | "wrong_option"
  | "global_axios"
  | "axios_taken"
  | "two_base_urls"
  | "not_an_origin"
  | "another_user"
  | "no_provider"
  | "not_an_auth"
  | "two_copies"
  | "client_taken"
  | "query_persister"
  | "one_source";

/** The error of a misuse: it says the remedy, but in a production bundle only the word. */
export function misuse(what: Misuse, about = ""): TypeError {
  return new TypeError(
    process.env.NODE_ENV === "production" ? what : messages[what].replace("%s", () => about),
  );
}

const messages: Record<Misuse, string> = {
  wrong_option: "createAuth: %s",
  global_axios:
    "createAuth: `axios` is the global one, which the whole page uses. Pass axios.create().",
  axios_taken:
    "createAuth: this `axios` already has an Auth. Give each its own, or dispose() the first.",
  two_base_urls:
    "createAuth: `baseURL` is not that of the `axios` given. Leave one of the two out, or make them equal.",
  not_an_origin:
    'createAuth: allowedOrigins: "%s" is not an origin. Write it exactly, as "https://api.example.com": no path, no wildcard.',
  another_user:
    "setUser() edits the profile of the user who is signed in, and was given another user. Call login() to sign in as someone else.",
  no_provider: "%s needs an <AuthProvider> above it.",
  not_an_auth: "<AuthProvider auth> takes what createAuth() returned, not a copy of it.",
  two_copies:
    "This page has two copies of react-authed-query, and the <AuthProvider> is of another one than %s. Install one version and bundle it once (npm ls react-authed-query; in Vite `resolve.dedupe`).",
  client_taken:
    "This QueryClient belongs to another Auth, whose data it holds. Give each <AuthProvider> its own with `queryClient`, or dispose() the first Auth.",
  query_persister:
    "A query's own `persister` would keep one user's data for the next, and nothing could remove it. Persist the whole client through authedPersister(auth, persister). If the data belongs to no user, give the query `meta: { public: true }`.",
  one_source:
    "Give %s either `request` (a URL or an axios request config, whose answer `parse` may check) or a function (`queryFn`, `mutationFn`): one of them, not both. Where there is neither, a default function of the query client runs.",
};
