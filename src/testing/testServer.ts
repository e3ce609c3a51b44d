import type { User } from "../index.js";
import { assertSignedIn, assertUser, unanswered } from "./misuse.js";
import { toReply, type Script, type TestReply, type TestRequest } from "./answers.js";

/** A request on its way to the server. */
export interface SentRequest extends Omit<TestRequest, "user" | "status"> {
  /** The query with its `?`, as it was written. */
  readonly search: string;
  /** Empty if there is none. */
  readonly token: string;
}

/** The backend of a test: its session, and what it was asked. */
export interface TestServer {
  /** Everything that was sent, the oldest first. */
  readonly requests: readonly TestRequest[];
  /** Grows with each answer. */
  activity(): number;
  /** The network is cut. */
  isOffline: boolean;
  /**
   * Answers what is scripted; `network`, if the real one has to answer; nothing if there is no answer.
   *
   * @throws Error for what nobody said how to answer.
   */
  respond(sent: SentRequest): Promise<TestReply | "network" | undefined>;
  /** Signs someone in. Returns what the auth server answers. */
  signIn(user: User): unknown;
  /**
   * The tokens issued so far are good no more.
   *
   * @throws Error if nobody is signed in.
   */
  expireToken(): void;
  /**
   * Revokes the session.
   *
   * @throws Error if nobody is signed in.
   */
  refuse(): void;
}

/** The dependencies of the server. */
export interface ServerDependencies {
  readonly script: Script;
  /** Who signs in by a login. */
  readonly user: User | undefined;
  /** Requests without a scripted answer go to the real network. */
  readonly isBesideNetwork: boolean;
}

export function createTestServer(dependencies: ServerDependencies): TestServer {
  const { script, isBesideNetwork } = dependencies;
  const { usual, ownerOf, ...session } = createTestSession(dependencies.user);
  const requests: TestRequest[] = [];
  let activity = 0;

  async function answerTo(
    request: TestRequest,
    { token, search }: SentRequest,
  ): Promise<TestReply | "network"> {
    const { key } = request;
    const answerAsUsual = usual[key];
    if (!answerAsUsual && token && !request.user) return toReply(401);
    const name = script.has(key + search) ? key + search : key;
    const scripted = script.get(name);
    const answer: unknown = typeof scripted === "function" ? await scripted(request) : scripted;
    if (answerAsUsual && answer === undefined) return toReply(answerAsUsual());
    if (script.has(name)) return toReply(answer);
    if (isBesideNetwork) return "network";
    throw process.env.NODE_ENV === "production" ? new Error(key) : unanswered(key);
  }

  const server: TestServer = {
    ...session,
    requests,
    activity: () => activity,
    isOffline: false,
    async respond(sent) {
      const { token, search: _, ...shown } = sent;
      const request: TestRequest = { ...shown, user: ownerOf(token), status: undefined };
      const place = requests.push(request) - 1;
      try {
        const answer = server.isOffline ? undefined : await answerTo(request, sent);
        // The network may have been cut meanwhile.
        if (!answer || server.isOffline) return undefined;
        if (answer !== "network") requests[place] = { ...request, status: answer.status };
        return answer;
      } catch (error) {
        // A component may show that it failed, and hide why.
        console.error(error);
        throw error;
      } finally {
        activity += 1;
      }
    },
  };
  return server;
}

/** The one session of the server. */
interface TestSession extends Pick<TestServer, "signIn" | "expireToken" | "refuse"> {
  /** The answers of login, refresh and logout, as a backend with a cookie gives them. */
  readonly usual: Readonly<Record<string, () => unknown>>;
  /** The user whose good token it is. */
  ownerOf(token: string): User | null;
}

function createTestSession(first: User | undefined): TestSession {
  const goodTokens = new Set<string>();
  let user = first;
  let isSignedIn = false;
  let issued = 0;

  function issueToken(): unknown {
    if (process.env.NODE_ENV !== "production") assertUser(user);
    if (!user) return 401;
    isSignedIn = true;
    const accessToken = tokenOf(user, ++issued);
    goodTokens.add(accessToken);
    return { accessToken, expiresIn: 300, user };
  }

  function endSession(): void {
    isSignedIn = false;
    goodTokens.clear();
  }

  return {
    usual: {
      "POST /auth/login": issueToken,
      "POST /auth/refresh": () => (isSignedIn ? issueToken() : 401),
      "POST /auth/logout": endSession,
    },
    ownerOf: (token) => (goodTokens.has(token) && user) || null,
    signIn(next) {
      endSession();
      user = next;
      return issueToken();
    },
    expireToken() {
      if (process.env.NODE_ENV !== "production") assertSignedIn("expireToken", isSignedIn);
      goodTokens.clear();
    },
    refuse() {
      if (process.env.NODE_ENV !== "production") assertSignedIn("refuse", isSignedIn);
      endSession();
    },
  };
}

/** A token that tells one person from another, also where the user has no id. */
function tokenOf(user: User, version: number): string {
  const id: unknown = Reflect.get(user, "id") ?? JSON.stringify(user);
  const claims = btoa(`{"sub":"${encodeURIComponent(String(id))}"}`);
  return `e30.${claims.replaceAll("=", "")}.${version}`;
}
