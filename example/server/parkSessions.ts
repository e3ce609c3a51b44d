import { z } from "zod";
import { readBody } from "./body.js";
import type { Config } from "./config.js";
import type { Database } from "./database.js";
import type { Park } from "./park.js";
import { isPasswordRight } from "./passwords.js";
import { problem } from "./problems.js";
import { isPublished } from "./publishedGuests.js";
import { agentOf, createSessions, shortHash, sqlStore, type Sessions } from "./session/index.js";
import { findUser, findUserByEmail } from "./users.js";

const credentials = z.object({ email: z.string().max(200), password: z.string().max(200) });

/** What the park adds to the sessions: its users and passwords, its limits, its log. */
export function createParkSessions(
  { config, database, rateLimits, log }: Omit<Park, "sessions">,
  addressOf: (request: Request) => string,
  ownOrigin: () => string,
): Sessions {
  const sessions = createSessions({
    store: sqlStore(clientOf(database), config.sessionNow),
    accessKeys: config.accessTokenKeys,
    refreshKeys: config.refreshTokenKeys,
    loadUser: (id) => findUser(database, id),
    async login(request) {
      const { email, password } = await readBody(request, credentials);
      await rateLimits.login(addressOf(request), email, await sessions.current(request));
      const found = await findUserByEmail(database, email);
      // Hashed whether there is such a user or not, so that the time does not tell.
      const isRight = await isPasswordRight(found?.passwordHash, password);
      const isAllowed = config.isDemo || !isPublished(email, password);
      if (found && isRight && isAllowed) return found.user.id;
      log("login-refused", {
        why: !found ? "unknown_account" : isRight ? "published_password" : "wrong_password",
        account: shortHash(email.toLowerCase()),
        address: shortHash(addressOf(request)),
        agent: agentOf(request),
      });
      throw problem(401, "invalid_credentials", "The address or the password is not right.");
    },
    ownOrigin,
    addressOf,
    log,
    ...lifetimesOf(config),
    isSecure: config.isProduction,
    issuer: "park",
    audience: "park-api",
  });
  return sessions;
}

function clientOf(database: Database): Parameters<typeof sqlStore>[0] {
  return { query: async (text, values) => ({ rows: await database.query(text, values) }) };
}

function lifetimesOf(config: Config) {
  return {
    accessSeconds: config.accessTokenSeconds,
    idleSeconds: config.refreshIdleSeconds,
    absoluteSeconds: config.refreshAbsoluteSeconds,
    graceSeconds: config.refreshGraceSeconds,
  };
}
