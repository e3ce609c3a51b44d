import { queryOptions } from "@tanstack/react-query";

/** What the server offers if it is there for a demonstration. */
export interface Demo {
  /** How long a mishap on purpose goes on. */
  mishapSeconds: number;
  guests: { name: string; role: string; email: string; password: string }[];
}

/** Asked until there is an answer, and then no more. `null` if the park is a real one. */
export const demo = queryOptions({
  queryKey: ["demo"],
  async queryFn({ signal }): Promise<Demo | null> {
    const response = await fetch("/api/demo", { signal });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`/api/demo was answered ${response.status}.`);
    // The server's `demo.ts` says what is in it.
    return response.json() as Promise<Demo>;
  },
  retry: true,
  staleTime: "static",
  gcTime: Infinity,
  // The same for everyone: it stays when a session ends.
  meta: { public: true },
});
