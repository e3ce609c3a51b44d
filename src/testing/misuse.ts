// Refuses mistakes of the test, with the remedy. Belongs in no production bundle, of a Storybook say.

/** The options that the kit sets itself, so no test may. */
const scripted = [
  "login",
  "refresh",
  "logout",
  "readSession",
  "isRefused",
  "csrf",
  "fetch",
  "restore",
  "tabs",
] as const;

/** The options of `createAuth` that the kit scripts. */
export type Scripted = (typeof scripted)[number];

/** @throws TypeError for a wrong option. */
export function assertTestOptions(options: Readonly<Record<string, unknown>>): void {
  const { status, user, answers, tabOf } = options;
  const taken = scripted.find((name) => name in options);
  if (taken) {
    refuse(
      `\`${taken}\` is scripted here. What the server says is in \`answers\`: { "POST /auth/refresh": 503 }.`,
    );
  }
  if (tabOf && !Reflect.has(Object(tabOf), "test"))
    refuse("`tabOf` takes what createTestAuth() returned.");
  if (tabOf && (status ?? user ?? answers)) {
    refuse("`tabOf` another tab it has the user and answers of that. Leave the others out.");
  }
  const statuses: unknown[] = [undefined, "loading", "authenticated", "unauthenticated"];
  if (!statuses.includes(status)) {
    refuse('`status` is "loading", "authenticated" or "unauthenticated".');
  }
  if (user === undefined ? status === "authenticated" : typeof user !== "object" || !user) {
    refuse('`user` says who is signed in: { user: { id: "u1", name: "Ada" } }.');
  }
  if (answers !== undefined && answers !== "network" && Object(answers) !== answers) {
    refuse('`answers` is an object, { "GET /orders": ["boots"] }, or "network".');
  }
}

function refuse(fault: string): never {
  throw new TypeError(`createTestAuth: ${fault}`);
}

/** @throws TypeError for a key that names no request. */
export function assertKey(key: string): void {
  if (/^[A-Z]+ (\/|https?:)\S*$/.test(key)) return;
  throw new TypeError(
    `"${key}" names no request. Write method and path, as "GET /orders"; a space is %20.`,
  );
}

/** @throws TypeError for a number that is no status. */
export function assertStatus(status: number): void {
  if (Number.isInteger(status) && status >= 200 && status < 600) return;
  throw new TypeError(
    `${status} is no status from 200 to 599. Where a number is the body, write reply(200, ${status}).`,
  );
}

/** @throws TypeError for a body that no answer of this status has. */
export function assertBody(status: number, body: unknown): void {
  if (body === undefined || ![204, 205, 304].includes(status)) return;
  throw new TypeError(
    `An answer with status ${status} has no body. Leave it out, as in reply(${status}), or write reply(200, …).`,
  );
}

/** @throws Error if nobody is there whose session a test could touch. */
export function assertSignedIn(control: string, isSignedIn: boolean): void {
  if (isSignedIn) return;
  throw new Error(
    `${control}(): nobody is signed in. Start with createTestAuth({ user: … }), or call switchTo(user).`,
  );
}

/** @throws Error if `login()` has nobody to sign in. */
export function assertUser(user: object | undefined): void {
  if (user) return;
  throw new Error(
    'login() was called, and nobody is there to sign in. Say who: createTestAuth({ status: "unauthenticated", user: … }).',
  );
}

/** The error of a request for which there is no answer. */
export function unanswered(key: string): Error {
  return new Error(
    `Nothing answers "${key}". Say what does: createTestAuth({ answers: { "${key}": … } }) or auth.test.answer("${key}", …).`,
  );
}
