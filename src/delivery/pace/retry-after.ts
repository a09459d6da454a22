import { eq, sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { senders } from "../../db/schema.ts";

/** Stores the end of a pause that Telegram asked for, so that a restart honours it. An earlier end does not replace a later one. */
export async function savePausedUntil({ db, botId }: Scope, until: Date): Promise<void> {
  await db
    .update(senders)
    .set({
      quietUntil: sql`greatest(coalesce(${senders.quietUntil}, '-infinity'), ${until.toISOString()}::timestamptz)`,
    })
    .where(eq(senders.botId, botId));
}

/** The end of the last such pause, which may be over; null if there was none. */
export async function loadPausedUntil({ db, botId }: Scope): Promise<Date | null> {
  const [row] = await db.select({ until: senders.quietUntil }).from(senders).where(eq(senders.botId, botId));
  return row?.until ?? null;
}
