import { spawn, type ChildProcess, type StdioOptions } from "node:child_process";
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { findWebKit } from "../../scripts/find-browsers.mjs";
import { skipTest } from "./skipTest.js";
import { processOf } from "./tabProcess.js";
import type { Tab, TabbedBrowser } from "./tabs.js";
import { startSession, untilReady, type WebDriverSession } from "./webDriver.js";

declare global {
  /** What became of the code that the test started in this page of WebKit. */
  var outcomes: Map<number, Outcome> | undefined;
}

interface Outcome {
  isDone?: boolean;
  /** What the code gave, as JSON. */
  json?: string | undefined;
  error?: { name: string; message: string };
}

/** A window, with a process of its own, that plays the tab. No window hides another. */
interface WindowTab extends Tab {
  readonly window: string;
}

/**
 * Opens the MiniBrowser of WebKitGTK, on a display that nobody sees where there is no other.
 *
 * @throws if there is none on this machine.
 */
export async function openWebKit(): Promise<TabbedBrowser> {
  const found = findWebKit();
  if (!found) throw new Error("No WebKit.");
  const children: ChildProcess[] = [];
  const kill = () => children.forEach(killGroup);
  const forget = atTheEnd(kill);

  const { driver, miniBrowser, xvfb } = found;
  const display = xvfb ? await startDisplay(xvfb, children) : process.env["DISPLAY"];
  const names = await startNames();
  const port = await freePort();
  const server = `http://127.0.0.1:${port}`;
  const running = start(children, driver, [`--port=${port}`], {
    DISPLAY: display,
    // Neither works for root in a container.
    WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1",
    WEBKIT_DISABLE_COMPOSITING_MODE: "1",
  });
  await untilReady(server, endOf(running));
  const direct = ["localhost", "127.0.0.1"].map((host) => `--ignore-host=${host}`);
  const begin = () =>
    startSession(server, {
      "webkitgtk:browserOptions": {
        binary: miniBrowser,
        // With a proxy given as a capability, the browser crashes once in ten times as it starts.
        args: ["--automation", `--proxy=${names.url}`, ...direct],
      },
    });
  let session = await begin();

  async function newTab(): Promise<Tab> {
    return tabIn(session, await session.newWindow());
  }

  const frozen = new Map<string, number>();
  return {
    newTab,
    // A message throws no page out of WebKit's back/forward cache: it is lost.
    newDeafTab: newTab,
    async freeze(tab: WindowTab) {
      const id = await processOf(tab, running.pid ?? 0, "WebKitWebProcess");
      await session.putToSleep(tab.window, () => process.kill(id, "SIGSTOP"));
      frozen.set(tab.window, id);
    },
    async thaw(tab: WindowTab) {
      const id = frozen.get(tab.window);
      if (id === undefined) throw new Error("A tab that is not frozen cannot thaw.");
      process.kill(id, "SIGCONT");
      session.wake(tab.window);
    },
    crash: async () => skipTest("WebKit's driver gives up when a page crashes"),
    setOffline: async () => skipTest("WebKit's driver cannot take it offline"),
    async reset() {
      // It is the session that has the cookies and the storage.
      await session.end();
      session = await begin();
    },
    async close() {
      await session.end();
      forget();
      const ended = children.map((child) => once(child, "exit"));
      kill();
      await Promise.all(ended);
      names.close();
    },
  };
}

function tabIn(session: WebDriverSession, window: string): WindowTab {
  let count = 0;
  const run = (script: string) =>
    session.command<Outcome | null>(window, "POST", "execute/sync", { script, args: [] });
  return {
    window,
    goto: (url) => session.command(window, "POST", "url", { url }),
    reload: () => session.command(window, "POST", "refresh"),
    close: async () => void (await session.command(window, "DELETE", "window")),
    bringToFront: async () => {},
    async evaluate<Result>(code: (given: never) => unknown, given?: unknown): Promise<Result> {
      count += 1;
      const id = count;
      // JSON can be read as JavaScript.
      const call = `() => (${String(code)})(${JSON.stringify(given) ?? ""})`;
      let outcome = await run(`return (${String(startWork)})(${id}, ${call})`);
      // The code may wait for another tab, whose commands must not wait for it.
      for (let waitMs = 1; outcome && !outcome.isDone; waitMs = Math.min(2 * waitMs, 50)) {
        await sleep(waitMs);
        outcome = await run(`return (${String(findOutcome)})(${id})`);
      }
      if (!outcome) throw new Error("The page was left before the code was done.");
      const { json, error } = outcome;
      if (error) throw Object.assign(new Error(error.message), { name: error.name });
      // The code says what it gives.
      return (json === undefined ? undefined : JSON.parse(json)) as Result;
    },
  };
}

/** Runs in the page. */
function startWork(id: number, code: () => unknown): Outcome {
  const outcome: Outcome = {};
  const succeed = (value: unknown) => {
    outcome.json = JSON.stringify(value);
    outcome.isDone = true;
  };
  const fail = (reason: unknown) => {
    const { name, message } = reason instanceof Error ? reason : new Error(String(reason));
    outcome.error = { name, message };
    outcome.isDone = true;
  };
  globalThis.outcomes ??= new Map();
  outcomes?.set(id, outcome);
  try {
    const value = code();
    if (value instanceof Promise) value.then(succeed).catch(fail);
    // At once: the code may have the page left next.
    else succeed(value);
  } catch (error) {
    fail(error);
  }
  return outcome;
}

/** Runs in the page. */
function findOutcome(id: number): Outcome | undefined {
  return globalThis.outcomes?.get(id);
}

/** A display that nobody sees, under a number that is free. */
async function startDisplay(xvfb: string, children: ChildProcess[]): Promise<string> {
  const args = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
  // It would start anew whenever a browser has gone, which the next may not survive.
  args.push("-noreset");
  const child = start(children, xvfb, args, {}, ["ignore", "ignore", "ignore", "pipe"]);
  const said = child.stdio[3];
  if (!said) throw new Error("Xvfb has nowhere to say its number.");
  const [number] = await once(said, "data", { signal: endOf(child) });
  return `:${String(number).trim()}`;
}

/** With what it starts itself in a process group of its own, to be killed together. */
function start(
  children: ChildProcess[],
  path: string,
  args: string[],
  variables: Record<string, string | undefined>,
  stdio: StdioOptions = "ignore",
): ChildProcess {
  const child = spawn(path, args, { detached: true, env: { ...process.env, ...variables }, stdio });
  children.push(child);
  return child;
}

/** Does it when this process ends, by a signal too: what has a group of its own gets none. */
function atTheEnd(act: () => void): () => void {
  const signals = ["SIGHUP", "SIGINT", "SIGTERM"] as const;
  const onSignal = (signal: NodeJS.Signals) => {
    act();
    forget();
    process.kill(process.pid, signal);
  };
  function forget() {
    process.off("exit", act);
    for (const signal of signals) process.off(signal, onSignal);
  }
  process.on("exit", act);
  for (const signal of signals) process.on(signal, onSignal);
  return forget;
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // None of them is there any more.
  }
}

/** Aborts when a process is gone that should be there. */
function endOf(child: ChildProcess): AbortSignal {
  const controller = new AbortController();
  const abort = () => controller.abort(new Error(`${child.spawnfile} did not come up.`));
  child.once("error", abort);
  child.once("exit", abort);
  return controller.signal;
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A proxy to which every name is this machine's: no other lets WebKit reach a name it cannot look up. */
async function startNames(): Promise<{ url: string; close(): void }> {
  const server = createServer((incoming, outgoing) => {
    const { port, pathname, search } = new URL(incoming.url ?? "");
    const { method, headers } = incoming;
    const path = pathname + search;
    const forwarded = request({ host: "127.0.0.1", port, path, method, headers });
    pipeline(incoming, forwarded, () => {});
    forwarded.once("error", () => outgoing.destroy());
    forwarded.once("response", (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, outgoing, () => {});
    });
    outgoing.once("close", () => forwarded.destroy());
  });
  return {
    url: `http://127.0.0.1:${await listen(server)}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  // A server that listens on TCP has a port.
  return (server.address() as AddressInfo).port;
}
