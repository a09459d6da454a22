import { sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";

/**
 * Moves the next attempt of every waiting delivery by `ms`, after the clock was set by that much, so that each waits as
 * long as intended. The times are stored as wall-clock instants, because a restart must find them.
 */
export async function shiftWaits({ db, botId }: Scope, ms: number): Promise<void> {
  await db.execute(
    sql`update deliveries set not_before = not_before + ${ms}::float8 * interval '1 millisecond'
        where bot_id = ${botId} and state = 'pending' and not_before is not null`,
  );
}
