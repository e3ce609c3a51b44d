import type { Page } from "./page.js";
import type { Roll } from "./random.js";
import type { Family, RefreshToken, Reply, SimulatedServer } from "./server.js";

/** A login, refresh or logout, from leaving the page until its cookie is in the jar or lost. */
export interface AuthCall {
  readonly number: number;
  page: Page;
  readonly purpose: "login" | "refresh" | "logout";
  readonly user: string | undefined;
  readonly sentAt: number;
  cookie: RefreshToken | undefined;
  readonly hadLock: boolean;
  /** What answered was not the server, and refused. */
  isDenied: boolean;
  /** It had no lock, and was right to go on without: there are none, or it had waited long enough. */
  readonly isImpatient: boolean;
  /** When it was over: its answer had reached the jar, or got lost. */
  endedAt?: number;
  /** What the answer came with, once it reached the jar. */
  reply?: Reply;
  /** The session the server began or went on with, whether or not the page learnt of it. */
  family?: Family;
  /** The answer never reached the jar, or the call never the server. */
  isLost: boolean;
  /** Nobody waits for it any more: its page died or stopped, or the time limit is over. */
  isOrphan: boolean;
  /**
   * Its cookie arrived, and nobody has heard of it: the body got lost, the page stopped, or a redirect led
   * nowhere.
   */
  isUnheard: boolean;
  /** No call of the library's: the person went to the server's own page, and comes back signed in. */
  readonly isRedirect: boolean;
  /** It was on the wire together with another that no client could wait for: their order is chance. */
  isOverlapping: boolean;
}

/** The network, the server's moods, and the cookie jar that all pages share. */
export interface SimulatedNetwork {
  /** A call to the auth server. Rejects as `fetch` does. */
  callAuth(page: Page, purpose: AuthCall["purpose"], user: string | undefined): Promise<Reply>;
  /** A request to the API; in vain: to an endpoint that answers 401 to everyone. */
  callAPI(page: Page, token: string | undefined, isInVain: boolean): Promise<Reply>;
  /** The person leaves for the server's own page to sign in there. */
  redirect(page: Page, user: string): AuthCall;
  /** The server has signed the person in and sends the browser back: the jar holds the cookie. */
  comeBack(call: AuthCall): void;
  /** The app is there again, in a new document, and knows. */
  land(call: AuthCall, page: Page): void;
  /** The page stopped: what it sent goes on without it. */
  abandon(page: Page): void;
  /** Whether a call of this page is on the wire. */
  isCalling(page: Page): boolean;
  setMood(mood: keyof Moods, isOn: boolean): void;
  mood(mood: keyof Moods): boolean;
  readonly jar: { token: RefreshToken | undefined; setBy: AuthCall | undefined };
  readonly calls: readonly AuthCall[];
}

interface Moods {
  /** Everything on the wire is lost, and nothing gets out. */
  offline: boolean;
  /** Some requests, answers and messages are lost. */
  lossy: boolean;
  /** The server answers 503. */
  unavailable: boolean;
  /** The server takes longer than anyone waits, or for ever. */
  hanging: boolean;
  /** Something before the server answers a refresh, or spoils its answer. */
  odd: boolean;
  /** Cookies arrive, bodies do not. */
  torn: boolean;
  /** The API knows no token. */
  deaf: boolean;
}

export interface NetworkWorld {
  now(): number;
  after(delayMs: number, task: () => void): void;
  roll: Roll;
  server: SimulatedServer;
  refreshTimeoutMs: number;
  /** Slow answers happen; without them none takes longer than a second. */
  mayBeSlow: boolean;
  hasLock(page: Page): boolean;
  /** Whether it may go on without: there are no locks, or its patience is over. */
  mayDoWithoutLock(page: Page): boolean;
  onCall(call: AuthCall): void;
  note(page: Page, text: string): void;
}

export function createSimulatedNetwork(world: NetworkWorld): SimulatedNetwork {
  const { now, after, roll, server, note } = world;
  const moods: Moods = {
    offline: false,
    lossy: false,
    unavailable: false,
    hanging: false,
    odd: false,
    torn: false,
    deaf: false,
  };
  const jar: SimulatedNetwork["jar"] = { token: undefined, setBy: undefined };
  const calls: AuthCall[] = [];
  const onTheWire = new Set<AuthCall>();
  const sent = new Map<string, number>();
  let lastCutAt = -1;

  function end(call: AuthCall, isLost: boolean): void {
    call.isLost ||= isLost;
    call.endedAt = now();
    onTheWire.delete(call);
  }

  function markOverlap(call: AuthCall): void {
    for (const other of calls) {
      if (other === call || !isUnderWay(other)) continue;
      other.isOrphan ||= now() - other.sentAt >= world.refreshTimeoutMs - 1;
      if ([call, other].some((each) => each.isOrphan || each.isImpatient)) {
        call.isOverlapping = true;
        other.isOverlapping = true;
      }
    }
  }

  /** On the wire, or answered while its page stood still: with the lock, and without having heard of it. */
  const isUnderWay = (call: AuthCall) =>
    onTheWire.has(call) || (call.isUnheard && world.hasLock(call.page));

  /** An answer to a refresh that no server of its own would give. */
  function oddAnswer(call: AuthCall, dice: number, process: () => Reply): Reply {
    const html = { "content-type": "text/html" };
    if (dice < 0.15) {
      call.isDenied = true;
      if (call.cookie) call.cookie.family.wasDenied = true;
      return { status: 400, body: { error: "no" } };
    }
    if (dice < 0.35) return { status: 404, body: {} };
    if (dice < 0.55) return { status: 429, body: {}, headers: { "retry-after": "2" } };
    if (dice < 0.75) return { status: 200, page: "<h1>Welcome</h1>", headers: html };
    const reply = process();
    return reply.status === 200 ? { ...reply, body: { accessToken: "not a token" } } : reply;
  }

  /**
   * The way to the server and back. `process` runs there; `arrive` where the answer comes in. It returns
   * what to do when the page gets it; `undefined` if it holds no body.
   */
  function travel(
    page: Page,
    process: (dice: number) => Reply,
    arrive: (reply: Reply, dice: number) => (() => void) | undefined,
    lose: () => void,
  ): Promise<Reply> {
    const n = (sent.get(page.name) ?? 0) + 1;
    sent.set(page.name, n);
    const chance = (what: string) => roll("network", page.name, n, what);
    const sentAt = now();
    const legMs = (leg: string) => {
      const isSlow = world.mayBeSlow && chance(`${leg} slow`) < 0.08;
      return isSlow ? 300 + 3000 * chance(leg) : 10 + 150 * chance(leg) ** 2;
    };
    const isCut = () => moods.offline || lastCutAt >= sentAt;
    const loses = (leg: string) => moods.lossy && chance(`${leg} lost`) < 0.3;

    return new Promise((resolve, reject) => {
      /** Lost with a word, or silently: then only a time limit ends the wait. */
      const fail = (what: string, silently = false) => {
        if (what !== "the body") lose();
        note(page, `${what} is lost${silently ? ", without a word" : ""}`);
        const error = new TypeError("Failed to fetch");
        // A browser gives up at last.
        const failMs = silently ? 60_000 : 1 + 4 * chance("failure");
        after(failMs, () => page.deliver(() => reject(error)));
      };
      const silently = (leg: string) => chance(`${leg} silent`) < 0.3;

      const comeBack = (reply: Reply) => {
        if (isCut() || loses("answer")) return fail("the answer", silently("answer"));
        const onDelivery = arrive(reply, chance("body"));
        if (!onDelivery) return fail("the body", silently("body"));
        after(3 * chance("delivery"), () =>
          page.deliver(() => {
            onDelivery();
            resolve(reply);
          }),
        );
      };
      const reachServer = () => {
        if (isCut() || loses("request")) return fail("the request", silently("request"));
        if (moods.unavailable) {
          const headers: Record<string, string> =
            chance("retry-after") < 0.3 ? { "retry-after": "3" } : {};
          return after(legMs("back"), () => comeBack({ status: 503, headers }));
        }
        const reply = process(chance("odd"));
        const lateMs = moods.hanging && chance("late") < 0.4 ? 20_000 * chance("late by") : 0;
        if (moods.hanging && lateMs === 0) return fail("the answer", true);
        after(legMs("back") + lateMs, () => comeBack(reply));
      };

      if (moods.offline) return fail("the request");
      const isHeldUp = moods.hanging && chance("held up") < 0.3;
      after(legMs("there") + (isHeldUp ? 20_000 * chance("held up by") : 0), reachServer);
    });
  }

  return {
    jar,
    calls,
    mood: (mood) => moods[mood],
    setMood(mood, isOn) {
      moods[mood] = isOn;
      if (mood === "offline" && isOn) lastCutAt = now();
    },
    isCalling: (page) => [...onTheWire].some((call) => call.page === page),
    abandon(page) {
      for (const call of onTheWire) {
        if (call.page !== page) continue;
        call.isOrphan = true;
        markOverlap(call);
      }
    },
    callAuth(page, purpose, user) {
      const call: AuthCall = {
        number: calls.length + 1,
        page,
        purpose,
        user,
        sentAt: now(),
        cookie: jar.token,
        hadLock: world.hasLock(page),
        isImpatient: !world.hasLock(page) && world.mayDoWithoutLock(page),
        isLost: false,
        isOrphan: false,
        isUnheard: false,
        isDenied: false,
        isRedirect: false,
        isOverlapping: false,
      };
      calls.push(call);
      world.onCall(call);
      onTheWire.add(call);
      markOverlap(call);
      const about = `${purpose} #${call.number}`;
      note(page, `sends ${about} with ${nameOf(call.cookie)}${call.hadLock ? "" : ", no lock"}`);
      const process = () => {
        if (purpose === "login") return server.login(user ?? "", call);
        return purpose === "refresh" ? server.refresh(call) : server.logout(call);
      };
      return travel(
        page,
        (dice) => {
          const isOdd = moods.odd && purpose === "refresh" && dice < 0.7;
          const reply = isOdd ? oddAnswer(call, dice / 0.7, process) : process();
          if (reply.cookie) call.family = reply.cookie.family;
          note(
            page,
            `${about} is answered ${reply.status}${reply.cookie ? `: ${nameOf(reply.cookie)}` : ""}`,
          );
          return reply;
        },
        (reply, dice) => {
          end(call, false);
          call.reply = reply;
          call.isUnheard = true;
          if (reply.cookie !== undefined) {
            jar.token = reply.cookie ?? undefined;
            jar.setBy = call;
            if (reply.cookie) reply.cookie.inJarAt ??= now();
            note(page, `${about}: the jar holds ${nameOf(jar.token)}`);
          }
          if (moods.torn && dice < 0.5) return undefined;
          return () => {
            call.isUnheard = false;
          };
        },
        () => end(call, true),
      );
    },
    callAPI: (page, token, isInVain) =>
      travel(
        page,
        () => server.data(moods.deaf || isInVain ? undefined : token),
        () => () => {},
        () => {},
      ),
    redirect(page, user) {
      const call: AuthCall = {
        number: calls.length + 1,
        page,
        purpose: "login",
        user,
        sentAt: now(),
        cookie: undefined,
        hadLock: false,
        isImpatient: true,
        isLost: false,
        isOrphan: false,
        isUnheard: true,
        isDenied: false,
        isRedirect: true,
        isOverlapping: false,
      };
      calls.push(call);
      onTheWire.add(call);
      markOverlap(call);
      return call;
    },
    comeBack(call) {
      call.cookie = jar.token;
      call.reply = server.login(call.user ?? "", call);
      if (call.reply.cookie) call.family = call.reply.cookie.family;
      jar.token = call.reply.cookie ?? undefined;
      jar.setBy = call;
      if (jar.token) jar.token.inJarAt ??= now();
      note(call.page, `comes back by redirect #${call.number}: the jar holds ${nameOf(jar.token)}`);
    },
    land(call, page) {
      call.page = page;
      end(call, false);
    },
  };
}

/** A refresh token by its number: no report holds one. */
export function nameOf(token: RefreshToken | undefined): string {
  if (!token) return "no cookie";
  return `cookie ${token.number} (${token.family.user}, session ${token.family.number})`;
}
