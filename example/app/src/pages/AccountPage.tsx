import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useApi, useAuth, useAuthedQuery } from "react-authed-query";
import type { ReactElement } from "react";
import { QueryState } from "../components/QueryState.js";
import { dateAndTime, sentenceFor, type Session } from "../park.js";

export function AccountPage(): ReactElement {
  const { user, logout } = useAuth();
  const api = useApi();
  const queryClient = useQueryClient();
  const sessions = useAuthedQuery<Session[]>({ queryKey: ["sessions"], request: "/sessions" });
  const revoke = useMutation({
    mutationFn: (id: string) => api.delete(`/sessions/${id}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <>
      <h1>{user?.name}</h1>
      <section className="card">
        <p>
          {user?.email} · {user?.role}
        </p>
        <button type="button" onClick={() => void logout()}>
          Sign out of this device
        </button>
      </section>
      <h2>Where you are signed in</h2>
      <p role="status" className="fault">
        {revoke.isError && sentenceFor(revoke.error)}
      </p>
      <QueryState query={sessions} empty="Nowhere.">
        {(list) => (
          <ul className="rows">
            {list.map(({ id, current, userAgent, lastUsedAt }) => (
              <li key={id} className="card row">
                <div>
                  <h3>{current ? "This browser" : "Another browser"}</h3>
                  <p className="hint">
                    Last seen {dateAndTime(lastUsedAt)}
                    <br />
                    {userAgent}
                  </p>
                </div>
                <button
                  type="button"
                  className="quiet"
                  disabled={revoke.isPending}
                  aria-label={current ? "End this session" : "End the other session"}
                  onClick={() => revoke.mutate(id)}
                >
                  End
                </button>
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </>
  );
}
