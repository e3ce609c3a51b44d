import { setTimeout as sleep } from "node:timers/promises";
import { deferred, type Deferred } from "./deferred.js";

/** A browser that a WebDriver server drives. @see https://www.w3.org/TR/webdriver2/ */
export interface WebDriverSession {
  /** Opens a window, and gives its handle. */
  newWindow(): Promise<string>;
  /** Gives a window a command, such as `("POST", "url", { url })`. The caller knows what it answers. */
  command<Value>(window: string, method: Method, name: string, body?: object): Promise<Value>;
  /** Does something to a window that then answers no more: its commands wait until it is woken. */
  putToSleep(window: string, act: () => void): Promise<void>;
  wake(window: string): void;
  /** Quits the browser. */
  end(): Promise<void>;
}

type Method = "DELETE" | "GET" | "POST";

/**
 * A session has one current window, so its commands wait for each other. None may therefore wait
 * for what another window does.
 */
export async function startSession(
  server: string,
  capabilities: object,
): Promise<WebDriverSession> {
  const { sessionId } = await send<{ sessionId: string }>(server, "POST", "/session", {
    capabilities: { alwaysMatch: capabilities },
  });
  const session = `/session/${sessionId}`;
  const sleeping = new Map<string, Deferred<void>>();
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<Result>(act: () => Promise<Result>): Promise<Result> {
    const done = last.then(act);
    last = done.catch(() => {});
    return done;
  }

  async function command<Value>(window: string, method: Method, name: string, body?: object) {
    for (;;) {
      await sleeping.get(window)?.promise;
      const result = await inTurn(async () => {
        // It fell asleep while the command stood in the queue.
        if (sleeping.has(window)) return undefined;
        await send(server, "POST", `${session}/window`, { handle: window });
        return { value: await send<Value>(server, method, `${session}/${name}`, body) };
      });
      if (result) return result.value;
    }
  }

  const first = await send<string>(server, "GET", `${session}/window`);
  return {
    async newWindow() {
      // Only a window that is there can open another.
      const body = { type: "window" };
      return (await command<{ handle: string }>(first, "POST", "window/new", body)).handle;
    },
    command,
    putToSleep: (window, act) =>
      inTurn(async () => {
        sleeping.set(window, deferred());
        act();
      }),
    wake(window) {
      sleeping.get(window)?.resolve();
      sleeping.delete(window);
    },
    end: () => inTurn(() => send(server, "DELETE", session)),
  };
}

/** Waits until the server takes commands. */
export async function untilReady(server: string, signal: AbortSignal): Promise<void> {
  const isReady = () =>
    fetch(`${server}/status`).then(
      ({ ok }) => ok,
      () => false,
    );
  while (!(await isReady())) {
    signal.throwIfAborted();
    await sleep(20);
  }
}

/** Trusts the server to answer as the specification says. */
async function send<Value>(
  server: string,
  method: Method,
  path: string,
  body: object | undefined = method === "POST" ? {} : undefined,
): Promise<Value> {
  const answer = await fetch(server + path, {
    method,
    ...(body && { body: JSON.stringify(body) }),
  });
  const { value } = (await answer.json()) as { value: Value & { error: string; message: string } };
  if (!answer.ok) throw new Error(`${method} ${path}: ${value.error}. ${value.message}`);
  return value;
}
