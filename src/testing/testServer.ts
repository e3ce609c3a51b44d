import type { User } from "../index.js";
import { assertUser } from "./misuse.js";
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
  /** Grows with each request and each answer. */
  activity(): number;
  /** Whether the network is cut. */
  isOffline: boolean;
  /**
   * Answers what is scripted; `network`, if the real one has to answer; nothing if there is no answer.
   *
   * @throws Error for what nobody said how to answer.
   */
  respond(sent: SentRequest): Promise<TestReply | "network" | undefined>;
  /** Signs someone in. Returns what the auth server answers. */
  signIn(user: User): object;
  /** The tokens issued so far are good no more. */
  expireTokens(): void;
  /** Revokes the session. */
  endSession(): void;
  /** Whether there is a session. */
  isSignedIn(): boolean;
}

/** What a server needs to know. */
export interface ServerDependencies {
  readonly script: Script;
  /** Who signs in by a login. */
  readonly user: User | undefined;
  /** What is not scripted is left to the real network. */
  readonly isBesideNetwork: boolean;
}

/** Stands for what is not scripted: a function may answer `undefined`. */
const nothing = {};

export function createTestServer(dependencies: ServerDependencies): TestServer {
  const { script, isBesideNetwork } = dependencies;
  const { ownerOf, answerToAuthCall, ...session } = createSession(dependencies.user);
  const requests: TestRequest[] = [];
  let activity = 0;

  async function answerTo(request: TestRequest, { token, search }: SentRequest): Promise<unknown> {
    const { key } = request;
    const authCall = /^POST \/auth\/(login|refresh|logout)$/.exec(key)?.[1];
    if (!authCall && token && !request.user) return 401;
    const found = [key + search, key].find((each) => script.has(each));
    const said = found ? script.get(found) : nothing;
    const answer: unknown = typeof said === "function" ? await said(request) : said;
    if (authCall && (answer === undefined || answer === nothing)) return answerToAuthCall(authCall);
    if (answer !== nothing || isBesideNetwork) return answer;
    throw new Error(
      `Nothing answers "${key}". Say what does: createTestAuth({ answers: { "${key}": … } }) or auth.test.answer("${key}", …).`,
    );
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
      activity += 1;
      try {
        const answer = server.isOffline || (await answerTo(request, sent));
        // The network may have been cut meanwhile.
        if (server.isOffline) return undefined;
        if (answer === nothing) return "network";
        const reply = toReply(answer);
        requests[place] = { ...request, status: reply.status };
        return reply;
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

function createSession(first: User | undefined) {
  let user = first;
  let isSignedIn = false;
  let issued = 0;
  let expired = 0;

  function signIn(next: User): object {
    user = next;
    isSignedIn = true;
    issued += 1;
    return { accessToken: tokenOf(next, issued), expiresIn: 300, user };
  }

  return {
    signIn,
    isSignedIn: () => isSignedIn,
    expireTokens: () => void (expired = issued),
    endSession: () => void (isSignedIn = false),

    /** Whose good token it is. */
    ownerOf(token: string): User | null {
      const isGood = isSignedIn && Number(token.split(".")[2]) > expired;
      return (isGood && user) || null;
    },

    /** As a backend with a cookie answers. */
    answerToAuthCall(purpose: string): unknown {
      if (purpose === "logout") return void (isSignedIn = false);
      const isWelcome = purpose === "login" || isSignedIn;
      if (process.env.NODE_ENV !== "production" && isWelcome) assertUser(user);
      return isWelcome && user ? signIn(user) : 401;
    },
  };
}

/** A token that tells one person from another, also where the user has no id. */
function tokenOf(user: User, version: number): string {
  const id: unknown = Reflect.get(user, "id") ?? JSON.stringify(user);
  const claims = btoa(`{"sub":"${encodeURIComponent(String(id))}"}`);
  return `e30.${claims.replaceAll("=", "")}.${version}`;
}
