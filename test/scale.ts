/** How much a run proves. */
interface Scale {
  /** Simulated schedules of fixed seeds, from seed 1 on. */
  readonly schedules: number;
  /** Simulated schedules whose seeds are made of today's date. */
  readonly schedulesOfTheDay: number;
  /** Requests that meet one expired token. */
  readonly storm: number;
  /** How often eight tabs of a real browser meet the expiry. */
  readonly rounds: number;
  readonly browsers: readonly ("chromium" | "firefox" | "webkit")[];
}

/** `npm test`: the most in minutes. */
const quick: Scale = {
  schedules: 1000,
  schedulesOfTheDay: 0,
  storm: 1000,
  rounds: 1,
  browsers: ["chromium"],
};

/** `npm run test:all`: everything. */
const all: Scale = {
  schedules: 20_000,
  schedulesOfTheDay: 2000,
  storm: 10_000,
  rounds: 50,
  browsers: ["chromium", "firefox", "webkit"],
};

/** Whether every test runs. Set `TEST_SCALE=all` to get it from Vitest itself. */
export const isAll: boolean = process.env["TEST_SCALE"] === "all";

export const scale: Scale = isAll ? all : quick;
