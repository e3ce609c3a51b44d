import type { World } from "../world.js";
import { cookieJar } from "./cookieJar.js";
import { locked } from "./locked.js";
import { noLostRecord } from "./noLostRecord.js";
import { noOlderToken } from "./noOlderToken.js";
import { noReuse } from "./noReuse.js";
import { noStaleToken } from "./noStaleToken.js";
import { noUnjustEnd } from "./noUnjustEnd.js";
import { noWedge } from "./noWedge.js";
import { once } from "./once.js";
import { silent } from "./silent.js";
import { settles } from "./settles.js";

/** Something that holds in every schedule. Says what is wrong where it does not. */
export interface Invariant {
  readonly name: string;
  /** Checked after each step. */
  afterStep?(world: World): string | undefined;
  /** Checked when all faults are over and everything has come to rest. */
  atRest?(world: World): string | undefined;
}

export const invariants: readonly Invariant[] = [
  locked,
  noReuse,
  noStaleToken,
  noOlderToken,
  once,
  noUnjustEnd,
  noWedge,
  silent,
  noLostRecord,
  settles,
  cookieJar,
];
