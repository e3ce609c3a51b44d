import { QueryClient } from "@tanstack/react-query";
import { createAuth, useApi } from "react-authed-query";
import { useState, type ReactElement, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { download, downloadToDisk, ProtectedImage } from "../../../example/recipes/download.js";
import { useEventStream } from "../../../example/recipes/eventStream.js";
import { App, createRouter } from "../../../example/recipes/reactRouter.js";
import { ForRole } from "../../../example/recipes/roles.js";
import { KeepsForms } from "../../../example/recipes/sessionExpired.js";
import { useSocket } from "../../../example/recipes/webSocket.js";

const auth = createAuth({ baseURL: "/api" });

export function startRouter(root: Element): void {
  const queryClient = new QueryClient();
  const router = createRouter(auth, queryClient);
  createRoot(root).render(<App auth={auth} router={router} queryClient={queryClient} />);
}

export function Report({ login }: { login: ReactNode }): ReactElement {
  return (
    <KeepsForms pending={<p>One moment …</p>} login={login}>
      <ReportForm />
    </KeepsForms>
  );
}

function ReportForm(): ReactElement {
  return <textarea aria-label="Report" />;
}

export function Office({ login }: { login: ReactNode }): ReactElement {
  return (
    <ForRole of="keeper" login={login}>
      <Shifts />
    </ForRole>
  );
}

function Shifts(): ReactElement {
  return <p>Shifts</p>;
}

export function QueueTimes(): ReactElement {
  const [minutes, setMinutes] = useState("");
  const socket = useSocket("wss://api.example.com/queues", (data) => setMinutes(String(data)));
  return <p>{socket ? minutes : "Connecting …"}</p>;
}

export async function connect(): Promise<WebSocket | undefined> {
  const token = await auth.getAccessToken();
  if (token === null) return undefined;
  return new WebSocket("wss://api.example.com/queues", ["app", token]);
}

export function News(): ReactElement {
  const [latest, setLatest] = useState("");
  const error = useEventStream("/api/news", ({ data }) => setLatest(data));
  return <p>{error ? "No news can be shown." : latest}</p>;
}

export function Invoice(): ReactElement {
  const api = useApi();
  const save = () => download(api, "/invoices/7.pdf", "Invoice 7.pdf");
  const saveLarge = () => downloadToDisk(auth, "/exports/2026.zip", "Export 2026.zip");
  return (
    <>
      <ProtectedImage src="/invoices/7.png" alt="Invoice 7" />
      <button onClick={save}>Save</button>
      <button onClick={saveLarge}>Save the year</button>
    </>
  );
}
