import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";

/** Everything the server is told from outside. Lifetimes are seconds. */
export interface Config {
  port: number;
  host: string;
  isProduction: boolean;
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
  /** Signs access tokens, and nothing else. */
  accessTokenKey: string;
  /** Derives refresh tokens, and nothing else. */
  refreshTokenKey: string;
  /** Milliseconds since the epoch. */
  now: () => number;
}

const folder = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const seconds = (fallback: number) =>
  z.coerce
    .number("a whole number of seconds")
    .int("a whole number of seconds")
    .min(1, "at least 1 second")
    .default(fallback);
const perMinute = (fallback: number) =>
  z.coerce.number("a whole number").int("a whole number").min(1, "at least 1").default(fallback);
const key = z.string().min(32, "at least 32 characters of a random secret").optional();

const environment = z
  .object({
    NODE_ENV: z
      .enum(["development", "production", "test"], 'must be "development", "production" or "test"')
      .default("development"),
    PORT: z.coerce
      .number("a port from 0 to 65535")
      .int("a port from 0 to 65535")
      .min(0, "a port from 0 to 65535")
      .max(65_535, "a port from 0 to 65535")
      .default(5180),
    HOST: z.string().min(1, "a host name or address").default("127.0.0.1"),
    PUBLIC_ORIGIN: z.url("an origin such as https://park.example.com").optional(),
    DATABASE_URL: z
      .string()
      .regex(/^postgres(ql)?:\/\//, "a URL that begins with postgres://")
      .optional(),
    DATA_DIR: z.string().default(folder(".data")),
    APP_DIR: z.string().default(folder("../app/dist")),
    ACCESS_TOKEN_SECONDS: seconds(30),
    REFRESH_IDLE_SECONDS: seconds(14 * 24 * 3600),
    REFRESH_ABSOLUTE_SECONDS: seconds(90 * 24 * 3600),
    REFRESH_GRACE_SECONDS: z.coerce
      .number("a number of seconds, 0 for none")
      .min(0, "a number of seconds, 0 for none")
      .default(10),
    CLOCK_OFFSET_SECONDS: z.coerce.number("a number of seconds").default(0),
    LOGINS_PER_MINUTE: perMinute(20),
    REFRESHES_PER_MINUTE: perMinute(600),
    ACCESS_TOKEN_KEY: key,
    REFRESH_TOKEN_KEY: key,
  })
  .superRefine((env, context) => {
    const needsKeys = env.NODE_ENV === "production" || env.DATABASE_URL !== undefined;
    for (const name of ["ACCESS_TOKEN_KEY", "REFRESH_TOKEN_KEY"] as const) {
      if (needsKeys && env[name] === undefined) {
        const message = "is needed in production and with DATABASE_URL, the same in every process";
        context.addIssue({ code: "custom", path: [name], message });
      }
    }
    if (env.ACCESS_TOKEN_KEY !== undefined && env.ACCESS_TOKEN_KEY === env.REFRESH_TOKEN_KEY) {
      const message = "must not be the same as ACCESS_TOKEN_KEY";
      context.addIssue({ code: "custom", path: ["REFRESH_TOKEN_KEY"], message });
    }
  });

/** One sentence for each environment variable that is wrong. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

/** @throws ConfigError that names each wrong variable and what is accepted. */
export function readConfig(variables: NodeJS.ProcessEnv): Config {
  const parsed = environment.safeParse(variables);
  if (!parsed.success) {
    throw new ConfigError(
      parsed.error.issues
        .map(({ path, message }) => {
          const name = String(path[0]);
          const given =
            name.endsWith("KEY") || variables[name] === undefined
              ? ""
              : ` (it is "${variables[name]}")`;
          return `${name}: ${message}${given}.`;
        })
        .join("\n"),
    );
  }
  const env = parsed.data;
  return {
    port: env.PORT,
    host: env.HOST,
    isProduction: env.NODE_ENV === "production",
    publicOrigin: env.PUBLIC_ORIGIN && new URL(env.PUBLIC_ORIGIN).origin,
    databaseURL: env.DATABASE_URL,
    dataDir: env.DATA_DIR,
    appDir: env.APP_DIR,
    accessTokenSeconds: env.ACCESS_TOKEN_SECONDS,
    refreshIdleSeconds: env.REFRESH_IDLE_SECONDS,
    refreshAbsoluteSeconds: env.REFRESH_ABSOLUTE_SECONDS,
    refreshGraceSeconds: env.REFRESH_GRACE_SECONDS,
    loginsPerMinute: env.LOGINS_PER_MINUTE,
    refreshesPerMinute: env.REFRESHES_PER_MINUTE,
    accessTokenKey: env.ACCESS_TOKEN_KEY ?? keptKey(env.DATA_DIR, "access-token.key"),
    refreshTokenKey: env.REFRESH_TOKEN_KEY ?? keptKey(env.DATA_DIR, "refresh-token.key"),
    now: () => Date.now() + env.CLOCK_OFFSET_SECONDS * 1000,
  };
}

/** A key of development, made once, so that a restart of the server signs nobody out. */
function keptKey(dataDir: string, name: string): string {
  const fresh = () => randomBytes(32).toString("base64url");
  if (dataDir.startsWith("memory://")) return fresh();
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, fresh(), { mode: 0o600 });
  }
  return readFileSync(file, "utf8");
}
