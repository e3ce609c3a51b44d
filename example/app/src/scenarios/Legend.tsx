import type { ReactElement } from "react";

/** The words of this page, and how the timeline beside it draws them. */
export function Legend(): ReactElement {
  return (
    <section className="card legend" aria-labelledby="legend">
      <h2 id="legend">Three words</h2>
      <dl>
        <div>
          <dt>
            <Sign name="token" /> Token
          </dt>
          <dd>
            Goes with each request and says who asks. Good for 30 seconds here, and kept in memory
            only. <em>A day pass, shown at every ride.</em>
          </dd>
        </div>
        <div>
          <dt>
            <Sign name="refresh" /> Refresh
          </dt>
          <dd>
            Gets a new token, with a cookie that no script can read.{" "}
            <em>The next pass, from the booth.</em>
          </dd>
        </div>
        <div>
          <dt>
            <Sign name="replay" /> Replay
          </dt>
          <dd>
            Sends a request again that was answered 401, with the new token.{" "}
            <em>The same ride, with the new pass.</em>
          </dd>
        </div>
      </dl>
      <p className="hint">
        The timeline draws each request as a bar, from sent to answered: hatched while it waits for
        a new token, green when it went well, red when it did not.
      </p>
    </section>
  );
}

const paths = {
  token: "M3 8h18v3a2 2 0 0 0 0 4v3H3v-3a2 2 0 0 0 0-4zM14 8v10",
  refresh: "M20 12a8 8 0 1 1-2.5-5.8M20 3v4h-4",
  replay: "M4 18c0-8 16-8 16 0M4 18v-4M20 18v-4M7 18h10",
};

function Sign({ name }: { name: keyof typeof paths }): ReactElement {
  return (
    <svg className={`sign ${name}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}
