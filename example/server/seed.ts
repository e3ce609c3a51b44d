import type { Config } from "./config.js";
import type { Database } from "./database.js";
import { createUser, findUserByEmail } from "./users.js";

/** Who can sign in to a demonstration from the start: everybody knows their passwords. */
export const guests = [
  { name: "Ada", email: "ada@park.example", password: "rollercoaster-1", role: "visitor" },
  { name: "Grace", email: "grace@park.example", password: "ferris-wheel-2", role: "admin" },
] as const;

const rides = [
  [
    "comet",
    "Copper Comet",
    "Foundry Yard",
    "A wooden coaster that rattles past the smelting ovens.",
    "wild",
    130,
    3,
    35,
    true,
  ],
  [
    "lanterns",
    "Lantern Lake",
    "Moon Gardens",
    "Paper boats drift under four hundred lanterns.",
    "gentle",
    0,
    9,
    10,
    true,
  ],
  [
    "owl",
    "Night Owl",
    "Moon Gardens",
    "A silent glider that circles the tower in the dark.",
    "family",
    105,
    4,
    25,
    true,
  ],
  [
    "kettle",
    "The Boiling Kettle",
    "Foundry Yard",
    "Spinning copper pots, whistling when they are full.",
    "family",
    95,
    3,
    15,
    true,
  ],
  [
    "drop",
    "Mineshaft Drop",
    "Foundry Yard",
    "Forty metres down, and nobody tells you when.",
    "wild",
    140,
    2,
    50,
    true,
  ],
  [
    "train",
    "Slow Train Round",
    "Orchard",
    "Once around the park behind a very old engine.",
    "gentle",
    0,
    18,
    5,
    true,
  ],
  [
    "swing",
    "Apple Swing",
    "Orchard",
    "Chairs on chains above the apple trees.",
    "family",
    110,
    4,
    20,
    true,
  ],
  [
    "maze",
    "Beekeeper's Maze",
    "Orchard",
    "Resting this season while the hedge grows back.",
    "gentle",
    0,
    25,
    0,
    false,
  ],
] as const;

/** Puts in what a new park has. What is there already stays as it is. */
export async function seed(database: Database, { isDemo }: Pick<Config, "isDemo">): Promise<void> {
  for (const user of isDemo ? guests : []) {
    // Asked first, for a hash takes its time at every start.
    if (!(await findUserByEmail(database, user.email))) await createUser(database, user);
  }
  for (const ride of rides) {
    await database.query(
      `INSERT INTO rides (id, name, land, description, thrill, min_height_cm, duration_minutes, queue_minutes, open)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (id) DO NOTHING`,
      [...ride],
    );
  }
}
