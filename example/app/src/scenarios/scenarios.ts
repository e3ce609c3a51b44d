import { anotherPerson } from "./anotherPerson.js";
import { authServerDown } from "./authServerDown.js";
import { eightTabs } from "./eightTabs.js";
import { expiredToken } from "./expiredToken.js";
import { forbiddenEndpoint } from "./forbiddenEndpoint.js";
import { networkCut } from "./networkCut.js";
import { revokedSession } from "./revokedSession.js";
import type { Scenario } from "./scenario.js";

/** In the order in which the page shows them. */
export const scenarios: readonly Scenario[] = [
  expiredToken,
  eightTabs,
  authServerDown,
  networkCut,
  revokedSession,
  anotherPerson,
  forbiddenEndpoint,
];
