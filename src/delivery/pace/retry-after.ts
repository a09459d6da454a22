import { eq, sql } from "drizzle-orm";
import type { Scope } from "../../db/scope.ts";
import { senders } from "../../db/schema.ts";

/** Keeps the end of a pause that Telegram asked for, so that a restart honours it. A shorter one does not replace a longer. */
export async function savePausedUntil({ db, botId }: Scope, until: Date): Promise<void> {
  await db
    .update(senders)
    .set({
      quietUntil: sql`greatest(coalesce(${senders.quietUntil}, '-infinity'), ${until.toISOString()}::timestamptz)`,
    })
    .where(eq(senders.botId, botId));
}

/** The end of the last such pause; it may be over. */
export async function loadPausedUntil({ db, botId }: Scope): Promise<Date | null> {
  const [row] = await db.select({ until: senders.quietUntil }).from(senders).where(eq(senders.botId, botId));
  return row?.until ?? null;
}
