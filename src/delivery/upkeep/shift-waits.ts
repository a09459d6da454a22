import { sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";

/**
 * Somebody set the clock by `ms`: what waits for its next try is moved with it, so that it waits as long as it was to.
 * The ends of waits are wall-clock instants, because a restart must find them.
 */
export async function shiftWaits({ db, botId }: Scope, ms: number): Promise<void> {
  await db.execute(
    sql`update deliveries set not_before = not_before + ${ms}::float8 * interval '1 millisecond'
        where bot_id = ${botId} and state = 'pending' and not_before is not null`,
  );
}
