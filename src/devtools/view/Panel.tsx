import { useMemo, useSyncExternalStore, type ReactElement, type ReactNode } from "react";
import type { Auth } from "../../index.js";
import type { Recorder } from "../model/recorder.js";
import { plural } from "../model/wording.js";
import { useNow } from "../useNow.js";
import { useRecording } from "../useRecorder.js";
import { Actions } from "./Actions.js";
import { SessionCard } from "./SessionCard.js";
import { StatusCard } from "./StatusCard.js";
import { TabsCard } from "./TabsCard.js";
import { Timeline } from "./Timeline.js";
import { TokenCard } from "./TokenCard.js";
import { WaitsCard } from "./WaitsCard.js";

export interface PanelProps {
  auth: Auth;
  recorder: Recorder;
  /** More controls for the head. */
  children?: ReactNode;
}

/** All of the panel. */
export function Panel({ auth, recorder, children }: PanelProps): ReactElement {
  const state = useSyncExternalStore(auth.subscribe, auth.getState, auth.getState);
  const { model, events, view } = useRecording(recorder);
  // Events come between two ticks: none is in the future.
  const now = Math.max(useNow(), events[events.length - 1]?.at ?? 0);
  const onReport = (report: string) => recorder.show({ report });
  // The clock renders the panel each second, and the timeline only what happens.
  const timeline = useMemo(
    () => <Timeline events={events} view={view} recorder={recorder} />,
    [events, view, recorder],
  );
  const { requests, refreshes, replays } = model.counts;
  return (
    <div className="panel">
      <header>
        <h2>Auth</h2>
        <p className="counts">
          {plural(requests, "request", "requests")}, {plural(refreshes, "refresh", "refreshes")},{" "}
          {plural(replays, "replay", "replays")}
        </p>
        <Actions auth={auth} state={state} report={view.report} onReport={onReport} />
        {children}
      </header>
      <div className="cards">
        <StatusCard state={state} />
        <TokenCard token={model.token} isAuthenticated={state.isAuthenticated} now={now} />
        <SessionCard model={model} isAuthenticated={state.isAuthenticated} now={now} />
        <TabsCard model={model} now={now} />
        <WaitsCard model={model} now={now} />
      </div>
      {timeline}
    </div>
  );
}
