import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { useRef, type ReactElement } from "react";
import { browserName } from "../components/browserName.js";
import { BusyButton } from "../components/BusyButton.js";
import { DeleteAccount } from "../components/DeleteAccount.js";
import { Heading } from "../components/Heading.js";
import { Outcome } from "../components/Outcome.js";
import { Photo } from "../components/Photo.js";
import { QueryState } from "../components/QueryState.js";
import { usePerson } from "../components/usePerson.js";
import { dateAndTime, type Session } from "../park.js";

export function AccountPage(): ReactElement {
  const person = usePerson();
  return (
    <>
      <Heading>{person?.name ?? "Account"}</Heading>
      <section className="card row profile" aria-label="Profile">
        <Photo name={person?.name ?? ""} />
        <p>
          {person?.email} · {person?.role}
        </p>
      </section>
      <Sessions />
      <DeleteAccount />
    </>
  );
}

function Sessions(): ReactElement {
  const queryClient = useQueryClient();
  const result = useRef<HTMLParagraphElement>(null);
  const sessions = useAuthedQuery<Session[]>({ queryKey: ["sessions"], request: "/sessions" });
  const revoke = useAuthedMutation({
    request: (id: string) => ({ url: `/sessions/${id}`, method: "DELETE" }),
    // The button goes away with its row, and the focus would go with it.
    onSuccess: () => result.current?.focus(),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">Where you are signed in</h2>
      <Outcome of={revoke} ref={result}>
        {revoke.isSuccess && "The session is over."}
      </Outcome>
      <QueryState query={sessions} shape="rows" empty={<p>Nowhere.</p>}>
        {(list) => (
          <ul className="rows">
            {list.map(({ id, current, userAgent, startedAt, lastUsedAt, repeats }) => (
              <li key={id} className="card row">
                <div>
                  <h3>{current ? "This browser" : "Another browser"}</h3>
                  <p className="hint">
                    {browserName(userAgent)} · last seen {dateAndTime(lastUsedAt)} · since{" "}
                    {dateAndTime(startedAt)}
                  </p>
                  {repeats > 0 && <p className="hint">{repeatsOf(repeats)}</p>}
                </div>
                {current ? (
                  <p className="hint">“Sign out” ends this session.</p>
                ) : (
                  <BusyButton
                    className="quiet"
                    isBusy={revoke.isPending && revoke.variables === id}
                    aria-label={`End the other session, last seen ${dateAndTime(lastUsedAt)}`}
                    onClick={() => revoke.mutate(id)}
                  >
                    End
                  </BusyButton>
                )}
              </li>
            ))}
          </ul>
        )}
      </QueryState>
    </section>
  );
}

/** A few are answers that got lost; many may mean that somebody has a copy of the cookie. */
function repeatsOf(count: number): string {
  return `Refreshed twice with one cookie: ${count} ${count === 1 ? "time" : "times"}`;
}
