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
  | "client_taken"
  | "query_persister";

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
    "setUser() edits the user who is signed in, and was given another. Call login() instead.",
  no_provider: "%s needs an <AuthProvider> above it.",
  not_an_auth: "<AuthProvider auth> takes what createAuth() returned.",
  client_taken:
    "This QueryClient belongs to another Auth, whose data it holds. Give each <AuthProvider> its own with `queryClient`, or dispose() the first Auth.",
  query_persister:
    "A query's own `persister` would keep one user's data for the next, and nobody can take it back. Persist the whole client through authedPersister(auth, persister); or, for data that are nobody's, give the query `meta: { public: true }`.",
};
