import type { Auth } from "react-authed-query";
import { use, useState, type ReactElement } from "react";
import { BusyButton } from "../components/BusyButton.js";
import { demo } from "../demo.js";
import { sentenceFor, type Session } from "../park.js";

/** Buttons that make things go wrong. What follows is in the timeline. */
export function Mishaps({ auth }: { auth: Auth }): ReactElement {
  const offer = use(demo());
  const [isBusy, setIsBusy] = useState(false);
  const [said, setSaid] = useState("");

  async function run(work: () => Promise<string>): Promise<void> {
    setIsBusy(true);
    setSaid(await work().catch(sentenceFor));
    setIsBusy(false);
  }

  function button(label: string, work: () => Promise<string>): ReactElement {
    return (
      <BusyButton className="quiet" isBusy={isBusy} onClick={() => void run(work)}>
        {label}
      </BusyButton>
    );
  }

  function mishap(label: string, name: string, sentence: string): ReactElement {
    return button(label, async () => {
      await auth.api.post(`/demo/${name}`);
      return sentence;
    });
  }

  return (
    <>
      <div className="mishaps">
        {button("Send three requests", () => sendThree(auth))}
        {offer && (
          <>
            {mishap(
              "Expire the token",
              "token-expired",
              "The server takes the token for expired. The next request finds out.",
            )}
            {mishap(
              "Answer refreshes with 503",
              "refresh-busy",
              `For ${offer.mishapSeconds} seconds no refresh succeeds. Expire the token, too.`,
            )}
            {mishap(
              "Cut the network",
              "network-cut",
              `For ${offer.mishapSeconds} seconds nothing you send is answered.`,
            )}
          </>
        )}
        {button("Revoke the session", () => revoke(auth))}
        <a href="/" target="_blank" rel="noreferrer">
          Open a second tab
        </a>
      </div>
      <p role="status" className="hint">
        {said}
      </p>
    </>
  );
}

async function sendThree({ api }: Auth): Promise<string> {
  const paths = ["/me", "/rides", "/bookings"];
  const answers = await Promise.allSettled(paths.map((path) => api.get(path)));
  const good = answers.filter(({ status }) => status === "fulfilled").length;
  return `${good} of ${paths.length} requests succeeded.`;
}

/** As from another device: this page is not told. */
async function revoke({ api }: Auth): Promise<string> {
  const { data } = await api.get<Session[]>("/sessions");
  const here = data.find(({ current }) => current);
  if (here) await api.delete(`/sessions/${here.id}`);
  return "The server has ended this session. The next request finds out.";
}
