import { instant } from "./accessToken.js";
import type { CallAuthServer, Endpoint, EndpointContext, Outcome, Purpose } from "./authServer.js";
import { AuthError, sessionEnded } from "./errors.js";
import { createPause, retryAfterMs } from "./pause.js";
import type { InOrder } from "./order.js";
import type { Platform } from "./platform.js";
import type { Renewal } from "./renewal.js";
import type { AuthState, Session, User } from "./session.js";

/** What a login function is given: see {@link EndpointContext}. */
export type LoginFunction = (context: Pick<EndpointContext, "fetch" | "signal">) => unknown;

/** Signing in and out, each one call to the server, in the order in which the person asked. */
export interface SignIn {
  login(input: unknown): Promise<AuthState>;
  logout(): Promise<{ serverTold: boolean }>;
  dispose(): void;
}

export interface SignInDependencies {
  session: Session;
  renewal: Renewal;
  platform: Platform;
  callAuthServer: CallAuthServer<User>;
  inOrder: InOrder;
  login: Endpoint;
  logout: Endpoint | false;
  timeoutMs: number;
  signal: AbortSignal;
}

export function createSignIn(dependencies: SignInDependencies): SignIn {
  const { session, renewal, platform, callAuthServer, inOrder, timeoutMs, signal } = dependencies;
  /** Of tries to tell the server of a logout. */
  const pause = createPause(platform);
  /** A login that was asked for before the last logout must not sign anyone in. */
  let logouts = 0;

  /** Calls the server once, in its turn and bounded in time. What comes later is not heard. */
  function call(purpose: Purpose, endpoint: Endpoint, input: Input): Promise<Outcome<User>> {
    return inOrder(
      () =>
        new Promise((resolve) => {
          const stopTimer = platform.startTimer(
            () => resolve({ verdict: "unavailable", timedOut: true }),
            timeoutMs,
          );
          void callAuthServer(purpose, endpoint, { ...input(), signal }).then((outcome) => {
            stopTimer();
            resolve(outcome);
          });
        }),
    );
  }

  async function tellServer(endpoint: Endpoint, accessToken: string | null): Promise<boolean> {
    const outcome = await call("logout", endpoint, () => ({ accessToken }));
    if (outcome.verdict !== "unavailable") return outcome.verdict !== "misconfigured";
    const owedSince = logouts;
    pause.begin(
      {
        retryAfterMs: outcome.answer && retryAfterMs(outcome.answer.headers, platform.now()),
        endsOnWake: outcome.answer === undefined,
      },
      () => loginError(outcome, platform.now()),
    );
    pause.onEnd(() => {
      // A login since then has replaced the cookie: nothing is owed any more.
      if (logouts === owedSince) void tellServer(endpoint, accessToken);
    });
    return false;
  }

  return {
    async login(input) {
      const asked = logouts;
      const isFunction = typeof input === "function";
      // What `login()` accepts as a function is called as an endpoint function.
      const endpoint = isFunction ? (input as LoginFunction) : dependencies.login;
      const credentials = isFunction ? undefined : input;
      let sentAt = instant(platform);
      const outcome = await call("login", endpoint, () => {
        sentAt = instant(platform);
        return { credentials, accessToken: session.pass()?.token ?? null };
      });
      if (outcome.verdict !== "success" || !outcome.grant)
        throw loginError(outcome, platform.now());
      if (logouts !== asked || signal.aborted) throw sessionEnded();
      pause.clear();
      session.receive(outcome.grant, sentAt);
      renewal.startAnew();
      return session.getState();
    },

    async logout() {
      const accessToken = session.pass()?.token ?? null;
      logouts += 1;
      pause.clear();
      session.end("logout");
      const { logout } = dependencies;
      return { serverTold: logout === false ? false : await tellServer(logout, accessToken) };
    },

    dispose: () => pause.clear(),
  };
}

/** Read when the call's turn has come, for only then is it known which token is current. */
type Input = () => { credentials?: unknown; accessToken: string | null };

function loginError(outcome: Outcome<User>, now: number): AuthError {
  const { status, data, headers } = outcome.answer ?? {};
  const waitMs = headers && retryAfterMs(headers, now);
  const details = {
    status,
    retryAt: waitMs === undefined ? undefined : now + waitMs,
    cause: outcome.cause,
  };
  if (outcome.timedOut) {
    return new AuthError("timeout", "The login was not answered in time. Try again.", details);
  }
  if (outcome.verdict === "unavailable") {
    return new AuthError("unavailable", "The login did not reach the server. Try again.", details);
  }
  if (outcome.verdict === "misconfigured") {
    return new AuthError("misconfigured", "The login was not understood. See `cause`.", details);
  }
  return new AuthError(
    "login_failed",
    "The server did not sign anyone in. See `status` and `data`.",
    { ...details, data },
  );
}
