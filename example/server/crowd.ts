import type { Queryable } from "./database.js";

/**
 * Makes one queue five minutes longer or shorter. In a real park the turnstiles would say; in the
 * demonstration it is chance.
 */
export async function moveCrowd(database: Queryable): Promise<void> {
  await database.query(
    `UPDATE rides SET queue_minutes = queue_minutes + CASE
       WHEN queue_minutes < 10 OR (queue_minutes < 60 AND random() < 0.5) THEN 5 ELSE -5 END
     WHERE id = (SELECT id FROM rides WHERE open ORDER BY random() LIMIT 1)`,
  );
}
