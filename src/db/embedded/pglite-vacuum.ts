import { sql } from "drizzle-orm";
import { type Repeated, repeat } from "../../background/rounds.ts";
import type { Clock } from "../../clock.ts";
import type { Log } from "../../log.ts";
import { type Db, query } from "../connect.ts";

const CHECK_MS = 60_000;

/** A table is vacuumed when so many of its rows are dead, and a fifth as many as live: PostgreSQL's share, but fewer small tables. */
const FEWEST_DEAD = 1_000;

/**
 * PGlite has no autovacuum. Its rows would stay when they are dead, and its planner would know nothing of them: a broadcast
 * leaves two dead rows for each message. Each table is done by itself, and its statistics after it, because PGlite blocks
 * the process: 0.7 s each for 200,000 people with 400,000 dead rows.
 */
export function vacuumPglite(db: Db, clock: Clock, log: Log): Repeated {
  return repeat({
    clock,
    log,
    everyMs: CHECK_MS,
    waitsFirst: true,
    complaint: "dead rows cannot be cleaned up",
    work: () => vacuumTables(db),
  });
}

/** One round. Resolves when every table that has enough dead rows is vacuumed and analyzed. */
export async function vacuumTables(db: Db): Promise<void> {
  const tables = await query<{ name: string }>(
    db,
    sql`select relname as name from pg_stat_user_tables
        where greatest(n_dead_tup, n_mod_since_analyze) > ${FEWEST_DEAD} + n_live_tup / 5`,
  );
  for (const { name } of tables) {
    await db.execute(sql`vacuum ${sql.identifier(name)}`);
    await db.execute(sql`analyze ${sql.identifier(name)}`);
  }
}
