import { createHash, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { ConfigError } from "./configError.js";
import { makePrivate } from "./privateFolder.js";
import type { Key } from "./session/index.js";

/** Everything the server is told from outside. Lifetimes are seconds. */
export interface Config {
  port: number;
  host: string;
  isProduction: boolean;
  /** Whether the park has guests whose passwords everybody knows, and mishaps on purpose. */
  isDemo: boolean;
  /** How many proxies of our own every request passes: they tell whom it comes from. */
  trustedProxies: number;
  /** The origin that browsers use; derived from the port if omitted. */
  publicOrigin: string | undefined;
  /** A PostgreSQL server, shared by several processes; PGlite in `dataDir` if omitted. */
  databaseURL: string | undefined;
  dataDir: string;
  /** The built browser app. */
  appDir: string;
  accessTokenSeconds: number;
  refreshIdleSeconds: number;
  refreshAbsoluteSeconds: number;
  refreshGraceSeconds: number;
  loginsPerMinute: number;
  refreshesPerMinute: number;
  /** How long a client may take to send a request; half of one is worth no more. */
  requestSeconds: number;
  /** How often those who listen are told the queue times, and their tokens are judged again. */
  queueTimesSeconds: number;
  /** Sign access tokens, and nothing else. The first signs, all verify. */
  accessTokenKeys: readonly Key[];
  /** Make refresh tokens, and nothing else. The first makes, all verify. */
  refreshTokenKeys: readonly Key[];
  /** Milliseconds since the epoch. */
  now: () => number;
  /** The clock of the sessions; the database's if omitted, which all processes share. */
  sessionNow?: () => number;
}

/**
 * Reads the environment. A variable that is empty counts as one that is not there.
 *
 * @throws ConfigError that names each wrong variable, what it is and what is accepted.
 */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  const parsed = environment.safeParse(given);
  const faults = (parsed.error?.issues ?? []).map(({ path, message }) => {
    const name = String(path[0]);
    return `${name} must be ${message}${isSecret(name) ? "" : `, but is ${JSON.stringify(given[name])}`}.`;
  });
  faults.push(...keyFaults(given));
  if (!parsed.success || faults.length > 0) throw new ConfigError(faults.join("\n"));

  const env = parsed.data;
  const isDemo = env.DEMO === undefined ? env.NODE_ENV !== "production" : env.DEMO === "on";
  return {
    port: env.PORT,
    host: env.HOST,
    isProduction: env.NODE_ENV === "production",
    isDemo,
    trustedProxies: env.TRUSTED_PROXIES,
    publicOrigin: env.PUBLIC_ORIGIN,
    databaseURL: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    appDir: env.APP_DIR,
    // Short in a demonstration, so that one can watch.
    accessTokenSeconds: env.ACCESS_TOKEN_SECONDS ?? (isDemo ? 30 : 300),
    refreshIdleSeconds: env.REFRESH_IDLE_SECONDS,
    refreshAbsoluteSeconds: env.REFRESH_ABSOLUTE_SECONDS,
    refreshGraceSeconds: env.REFRESH_GRACE_SECONDS,
    loginsPerMinute: env.LOGINS_PER_MINUTE,
    refreshesPerMinute: env.REFRESHES_PER_MINUTE,
    requestSeconds: env.REQUEST_SECONDS,
    queueTimesSeconds: env.QUEUE_TIMES_SECONDS,
    accessTokenKeys: keysOf(env.ACCESS_TOKEN_KEY ?? keptKey(env.DATA_DIR, "access-token.key")),
    refreshTokenKeys: keysOf(env.REFRESH_TOKEN_KEY ?? keptKey(env.DATA_DIR, "refresh-token.key")),
    now: () => Date.now() + env.CLOCK_OFFSET_SECONDS * 1000,
  };
}

const day = 24 * 3600;
const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Plain digits only: `Number` would also take "0x10", "1e3" and " ". */
function wholeNumber(unit: string, from: number, to: number) {
  return z
    .string()
    .refine(
      (text) => /^-?\d+$/.test(text) && Number(text) >= from && Number(text) <= to,
      `a whole number${unit} from ${from} to ${to}`,
    )
    .transform(Number);
}

const seconds = (from: number, to: number) => wholeNumber(" of seconds", from, to);
const perMinute = wholeNumber("", 1, 1_000_000);
const key = z
  .string()
  .refine(
    (text) => text.split(",").every(isRandom),
    "a random secret of at least 32 characters, or several with a comma between",
  )
  .optional();

/** As far as that can be seen: a text of one letter or of spaces is long, too. */
function isRandom(secret: string): boolean {
  return secret.trim().length >= 32 && new Set(secret).size >= 10;
}

export const environment = z.object({
  NODE_ENV: z
    .enum(["development", "production", "test"], '"development", "production" or "test"')
    .default("development"),
  DEMO: z.enum(["on", "off"], '"on" or "off"').optional(),
  TRUSTED_PROXIES: wholeNumber("", 0, 10).default(0),
  PORT: wholeNumber("", 0, 65_535).default(5180),
  HOST: z.string().default("127.0.0.1"),
  PUBLIC_ORIGIN: z
    .string()
    .refine(isWebOrigin, "an origin without a path, such as https://park.example.com")
    .optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, "a URL that begins with postgres://")
    .optional(),
  DATA_DIR: z.string().default(folder(".data")),
  APP_DIR: z.string().default(folder("../app/dist")),
  ACCESS_TOKEN_SECONDS: seconds(1, day).optional(),
  // RFC 6265bis §5.5: no browser keeps a cookie for more than 400 days.
  REFRESH_IDLE_SECONDS: seconds(1, 400 * day).default(14 * day),
  REFRESH_ABSOLUTE_SECONDS: seconds(1, 3650 * day).default(90 * day),
  REFRESH_GRACE_SECONDS: seconds(0, 3600).default(10),
  CLOCK_OFFSET_SECONDS: seconds(-3650 * day, 3650 * day).default(0),
  LOGINS_PER_MINUTE: perMinute.default(20),
  REFRESHES_PER_MINUTE: perMinute.default(600),
  REQUEST_SECONDS: seconds(1, 300).default(20),
  QUEUE_TIMES_SECONDS: seconds(1, 3600).default(5),
  ACCESS_TOKEN_KEY: key,
  REFRESH_TOKEN_KEY: key,
});

/** What one variable alone cannot tell. Looked at even if others are wrong, to say all at once. */
function keyFaults(given: NodeJS.ProcessEnv): string[] {
  const { NODE_ENV, DEMO, DATABASE_URL, ACCESS_TOKEN_KEY, REFRESH_TOKEN_KEY } = given;
  if (NODE_ENV === "production" && DEMO === "on") {
    return ["DEMO must be off in production: everybody knows the passwords of its guests."];
  }
  if (ACCESS_TOKEN_KEY !== undefined && ACCESS_TOKEN_KEY === REFRESH_TOKEN_KEY) {
    return [`REFRESH_TOKEN_KEY must be another secret than ACCESS_TOKEN_KEY.`];
  }
  if (NODE_ENV !== "production" && DATABASE_URL === undefined) return [];
  return ["ACCESS_TOKEN_KEY", "REFRESH_TOKEN_KEY"]
    .filter((name) => given[name] === undefined)
    .map(
      (name) =>
        `${name} must be set in production and with DATABASE_URL, to the same random secret of at least 32 characters in every process.`,
    );
}

/** An opaque origin must not pass: it is the text "null", which a sandboxed frame sends as well. */
function isWebOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text && /^https?:/.test(text);
}

/** A message must not show these: a key, or the password inside a database's URL. */
function isSecret(name: string): boolean {
  return name.endsWith("_KEY") || name === "DATABASE_URL";
}

/** Secrets with a comma between; each is named by a part of its hash. */
function keysOf(secrets: string): Key[] {
  return secrets.split(",").map((secret) => ({
    kid: createHash("sha256").update(secret).digest("base64url").slice(0, 8),
    secret,
  }));
}

/** A key of development, made once, so that a restart of the server signs nobody out. */
function keptKey(dataDir: string, name: string): string {
  const fresh = randomBytes(32).toString("base64url");
  if (dataDir.startsWith("memory://")) return fresh;
  makePrivate(dataDir);
  const file = join(dataDir, name);
  try {
    // "wx" fails if the file is there: of two processes at once, one writes and both read that.
    writeFileSync(file, fresh, { flag: "wx", mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8");
}
