import type { ReactElement, ReactNode } from "react";
import { BusyButton } from "../components/BusyButton.js";
import { Code } from "./Code.js";
import type { Progress } from "./runner.js";
import type { Scenario } from "./scenario.js";

interface Props {
  scenario: Scenario;
  progress: Progress;
  /** Another one is running. */
  isWaiting: boolean;
  onRun: () => void;
  onStop: () => void;
  /** What the scenario is about, where that is on this page. */
  children?: ReactNode;
}

const outcomes: Record<Progress["outcome"], string> = {
  idle: "Not tried yet",
  running: "Running",
  true: "It came true",
  untrue: "It did not come true",
};

/** A scenario: what to expect, a button, what was seen, and the lines that make it work. */
export function ScenarioCard(props: Props): ReactElement {
  const { scenario, progress, isWaiting, onRun, onStop, children } = props;
  const { id, title, expectation, action, code, cleanUp } = scenario;
  const { outcome, facts, remark, offer } = progress;
  const isRunning = outcome === "running";
  return (
    <li className={`card scenario ${outcome}`} aria-labelledby={id}>
      <div className="scenario-told">
        <h2 id={id}>
          <Mark outcome={outcome} /> {title}
        </h2>
        <p>{expectation}</p>
        {children}
        <div className="scenario-actions">
          {isRunning ? (
            <button type="button" className="quiet" aria-label={`Stop: ${title}`} onClick={onStop}>
              Stop
            </button>
          ) : (
            <BusyButton isBusy={isWaiting} aria-label={`${action}: ${title}`} onClick={onRun}>
              {action}
            </BusyButton>
          )}
          {offer && (
            <button type="button" aria-label={`${offer.name}: ${title}`} onClick={offer.run}>
              {offer.name}
            </button>
          )}
          {cleanUp && outcome !== "idle" && (
            <button
              type="button"
              className="quiet"
              aria-label={`${cleanUp.name}: ${title}`}
              onClick={cleanUp.run}
            >
              {cleanUp.name}
            </button>
          )}
        </div>
        <div role="status" className="scenario-facts">
          {facts.length > 0 && (
            <ul>
              {facts.map((fact) => (
                <li key={fact}>{fact}</li>
              ))}
            </ul>
          )}
          {remark && <p className={outcome === "untrue" ? "fault" : "remark"}>{remark}</p>}
        </div>
      </div>
      <Code excerpt={code} />
    </li>
  );
}

function Mark({ outcome }: Pick<Progress, "outcome">): ReactElement {
  return (
    <svg className="mark" viewBox="0 0 24 24" role="img" aria-label={outcomes[outcome]}>
      <circle cx="12" cy="12" r="10" />
      {outcome === "true" && <path d="m7.5 12.5 3 3 6-7" />}
      {outcome === "untrue" && <path d="m8.5 8.5 7 7m0-7-7 7" />}
    </svg>
  );
}
