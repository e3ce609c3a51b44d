import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore, type ReactElement } from "react";
import createsAuth from "../auth.ts?of=auth&excerpt";
import { Heading } from "../components/Heading.js";
import { usePerson } from "../components/usePerson.js";
import { demo, type Demo } from "../demo.js";
import { Code } from "../scenarios/Code.js";
import { Legend } from "../scenarios/Legend.js";
import { letterId } from "../scenarios/letter.js";
import { revokedSession } from "../scenarios/revokedSession.js";
import { idle, type Runner } from "../scenarios/runner.js";
import { ScenarioCard } from "../scenarios/ScenarioCard.js";
import { scenarios } from "../scenarios/scenarios.js";

/** What can go wrong with a session, each at the press of a button. */
export function ScenariosPage({ runner }: { runner: Runner }): ReactElement {
  return (
    <>
      <Heading>What if?</Heading>
      <p className="lede">
        Press a button and watch the panel. A scenario is checked off once all that it promises was
        really seen.
      </p>
      <Legend />
      <Scenarios runner={runner} />
      <section className="card setup" aria-labelledby="setup">
        <h2 id="setup">All that this app says about it</h2>
        <p>The rest are plain queries, mutations and requests.</p>
        <Code excerpt={createsAuth} />
      </section>
    </>
  );
}

function Scenarios({ runner }: { runner: Runner }): ReactElement {
  const { data: offer } = useQuery(demo);
  const progress = useSyncExternalStore(runner.subscribe, runner.getProgress);
  if (offer === undefined) {
    return (
      <p className="card" role="status">
        We ask the park what can go wrong here …
      </p>
    );
  }
  if (offer === null) {
    return <p className="card">Nothing goes wrong on purpose here: this park is a real one.</p>;
  }
  const running = scenarios.find(({ id }) => progress[id]?.outcome === "running");
  return (
    <ul className="scenarios">
      {scenarios.map((scenario) => (
        <ScenarioCard
          key={scenario.id}
          scenario={scenario}
          progress={progress[scenario.id] ?? idle}
          isWaiting={running !== undefined && running !== scenario}
          onRun={() => runner.run(scenario, offer)}
          onStop={runner.stop}
        >
          {scenario === revokedSession && <Letter guests={offer.guests} />}
        </ScenarioCard>
      ))}
    </ul>
  );
}

/** Never sent: it is here to be lost. Tells the password beforehand, for a dialog will cover the page. */
function Letter({ guests }: Pick<Demo, "guests">): ReactElement {
  const person = usePerson();
  const guest = guests.find(({ email }) => email === person?.email);
  return (
    <>
      <label className="letter">
        A letter to the park
        <textarea id={letterId} rows={2} placeholder="Write something, and do not send it yet." />
      </label>
      {guest && (
        <p className="hint">
          Your password, which the dialog asks for: <code>{guest.password}</code>
        </p>
      )}
    </>
  );
}
