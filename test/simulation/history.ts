import type { LogoutReason } from "react-authed-query";
import type { AuthCall, SimulatedNetwork } from "./network.js";
import type { Page } from "./page.js";
import type { AccessToken, Family, SimulatedServer } from "./server.js";
import type { LoginOutcome, Showing, Tab, TabListener } from "./tab.js";

/** A person's `login()` or `logout()`; `order` counts the calls in all tabs. */
export interface Intent {
  readonly kind: "login" | "logout";
  readonly order: number;
  readonly tab: Tab;
  readonly user: string | undefined;
  readonly password?: "right" | "wrong";
  readonly askedAt: number;
  readonly step: number;
  /** `undefined` while it is under way, and for ever if its page died. */
  outcome?: LoginOutcome;
  settledAt?: number;
  /** The call that carried it to the server, once it was sent. */
  call?: AuthCall;
}

/** What a tab shows changed. */
export interface Change {
  readonly tab: Tab;
  readonly before: Showing;
  readonly after: Showing;
  /** The session before, as the server knows it; `undefined` if the tab was not signed in. */
  readonly ended: Family | undefined;
}

/** A request is sent with a token. */
export interface Send {
  readonly tab: Tab;
  readonly token: AccessToken;
  /** The youngest token that the page has sent of the same session, unless it was rejected. */
  readonly youngest: AccessToken | undefined;
}

/** What the invariants judge by: what people did, and what the tabs did in the present step. */
export interface History {
  readonly listener: Pick<
    TabListener,
    "onShow" | "onLogout" | "onSend" | "onRejected" | "onLogin" | "onLogoutCall"
  >;
  readonly intents: readonly Intent[];
  /** The changes, calls of `onLogout`, and requests with a token of this step. */
  readonly changes: readonly Change[];
  readonly logouts: readonly { tab: Tab; reason: LogoutReason }[];
  readonly sends: readonly Send[];
  /** The latest user whom the tabs began to show, and in which step the first did. */
  readonly latestUser:
    | {
        readonly name: string;
        readonly family: Family | undefined;
        readonly step: number;
        readonly atMs: number;
      }
    | undefined;
  /** Where the login of a session stands among the intents; 0 for the one from before the schedule. */
  orderOf(family: Family): number;
  /** The session that a tab shows. */
  familyOf(tab: Tab): Family | undefined;
  /**
   * The order of the latest logout that a page knows of even without storage (its own, or one of
   * whose tab it got a message since), if it still shows what it showed when it learnt of it.
   */
  outlivedLogout(page: Page): number;
  /** What a message of this page tells the page that gets it. */
  carryKnowledge(from: Page, message: unknown): (to: Page) => void;
  /** A page asks for the session of a sign-in by redirect: that is what the person wants now. */
  onLanding(tab: Tab, call: AuthCall): void;
  onCall(call: AuthCall): void;
  nextStep(): void;
  step(): number;
}

export function isSignedIn(showing: Showing): boolean {
  return showing !== "loading" && showing !== "out";
}

export function createHistory(
  now: () => number,
  server: SimulatedServer,
  network: () => SimulatedNetwork,
  isIsolated: (page: Page) => boolean,
): History {
  const intents: Intent[] = [];
  const intentOf = new Map<AuthCall, Intent>();
  const families = new Map<Page, Family>();
  const knownLogouts = new Map<Page, { order: number; step: number }>();
  /** The session a page has heard of by a message. */
  const heardOf = new Map<Page, Family>();
  const shownInStep = new Map<Page, number>();
  let step = 0;
  let changes: Change[] = [];
  let logouts: { tab: Tab; reason: LogoutReason }[] = [];
  let sends: Send[] = [];
  const youngestSent = new Map<Page, AccessToken>();
  let latestUser: History["latestUser"];

  function intend(intent: Pick<Intent, "kind" | "tab" | "user" | "password">) {
    const added: Intent = { ...intent, order: intents.length + 1, askedAt: now(), step };
    intents.push(added);
    return added;
  }

  function learn(page: Page, order: number): void {
    if (order > (knownLogouts.get(page)?.order ?? 0)) knownLogouts.set(page, { order, step });
  }

  return {
    intents,
    get changes() {
      return changes;
    },
    get logouts() {
      return logouts;
    },
    get sends() {
      return sends;
    },
    get latestUser() {
      return latestUser;
    },
    step: () => step,
    nextStep() {
      step += 1;
      if (changes.length > 0) changes = [];
      if (logouts.length > 0) logouts = [];
      if (sends.length > 0) sends = [];
    },
    orderOf: ({ login }) => (login && intentOf.get(login)?.order) ?? 0,
    familyOf: (tab) => families.get(tab.page),
    outlivedLogout(page) {
      const known = knownLogouts.get(page);
      if (!known) return 0;
      // Restored after the logout by a page that could not know of it: to all it is a new session.
      const began = shownInStep.get(page) ?? 0;
      return began < known.step && began < (intents[known.order - 1]?.step ?? 0) ? known.order : 0;
    },
    carryKnowledge(from, message) {
      const family = families.get(from);
      // A message tells of the session it names. Who shows one again, or has heard that another tab
      // does and is about to follow, tells of that: to others it began after the logout.
      const known = family || namesSession(message) ? 0 : (knownLogouts.get(from)?.order ?? 0);
      return (to) => {
        if (family) heardOf.set(to, family);
        learn(to, known);
      };
    },
    onLanding(tab, call) {
      const intent = intend({ kind: "login", tab, user: call.user, password: "right" });
      intent.outcome = "done";
      intent.settledAt = now();
      intent.call = call;
      intentOf.set(call, intent);
    },
    onCall(call) {
      const intent = intents.find(
        (each) =>
          each.tab.page === call.page &&
          each.kind === call.purpose &&
          !each.call &&
          each.outcome === undefined,
      );
      if (!intent) return;
      intent.call = call;
      intentOf.set(call, intent);
    },
    listener: {
      onShow(tab, before, after) {
        changes.push({ tab, before, after, ended: families.get(tab.page) });
        families.delete(tab.page);
        if (!isSignedIn(after)) return;
        shownInStep.set(tab.page, step);
        const call = network().calls.findLast(
          ({ page, reply, family }) => page === tab.page && reply && family?.user === after,
        );
        const own = call?.family;
        const heard = heardOf.get(tab.page);
        // What a message told of, unless its own call brought a later session.
        // Not one whose login's answer never arrived.
        const hasReachedTabs = ({ user, login }: Family) =>
          user === after && (!login || login.reply !== undefined);
        const known = heard?.user === after && heard.number >= (own?.number ?? 0) ? heard : own;
        const family = known ?? server.families.findLast(hasReachedTabs);
        if (family) families.set(tab.page, family);
        // The answer to a refresh that was sent before is of a session that is over.
        const isOutdated =
          call?.purpose === "refresh" &&
          own === family &&
          call.sentAt < (latestUser?.atMs ?? 0) &&
          (own?.number ?? 0) < (latestUser?.family?.number ?? 0);
        // The tabs that follow write nothing down.
        const isNews = latestUser?.name !== after && !isOutdated;
        if (isNews && !isIsolated(tab.page))
          latestUser = { name: after, family, step, atMs: now() };
      },
      onLogout(tab, reason) {
        logouts.push({ tab, reason });
      },
      onSend(tab, token) {
        if (!token) return;
        const known = youngestSent.get(tab.page);
        const youngest = known?.family === token.family ? known : undefined;
        sends.push({ tab, token, youngest });
        if (!youngest || token.askedAt > youngest.askedAt) youngestSent.set(tab.page, token);
      },
      onRejected: ({ page }) => void youngestSent.delete(page),
      onLogin(tab, user, password) {
        const intent = intend({ kind: "login", tab, user, password });
        return (outcome) => {
          intent.outcome = outcome;
          intent.settledAt = now();
        };
      },
      onLogoutCall(tab) {
        const intent = intend({ kind: "logout", tab, user: undefined });
        learn(tab.page, intent.order);
        return () => {
          intent.outcome = "done";
          intent.settledAt = now();
        };
      },
    },
  };
}

/** Its record is of a session that goes on. */
function namesSession(message: unknown): boolean {
  const { record } = message as { record?: { status?: string } };
  return record?.status === "signed-in";
}
