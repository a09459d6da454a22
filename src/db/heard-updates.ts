import { and, eq, gte, sql } from "drizzle-orm";
import { query } from "./connect.ts";
import { heardUpdates } from "./schema.ts";
import type { HomeScope, Scope } from "./scope.ts";

/*
 * Updates that another program relays may come twice, and in any order; those that Telegram posts to a webhook may come
 * twice. Telegram keeps an update for a day at most, so nobody can get an older one again, and a day is how long they are
 * remembered. Telegram may begin with other ids after a week without updates, which is why rows that are older than that count
 * for nothing even before they are deleted.
 */

/** The subject of the row that says when the bot's program relayed last. It is kept. */
const RELAY = "relay";

const REMEMBERED = sql`interval '1 day'`;

/** SQL: newer than what was heard, or what was heard is forgotten. */
const IS_NEW = sql`${heardUpdates.updateId} < excluded.update_id or ${heardUpdates.at} < now() - ${REMEMBERED}`;

/** Rows deleted in one statement, which takes some 10 ms. */
const BATCH = 2_000;

/**
 * Remembers that an update was heard. False if it was heard before, or a newer one about the same subject was. Call it in the
 * transaction that does what the update says: a crash then undoes both, and the update counts when it comes again.
 */
export async function hearOnce(scope: Scope, subject: string, updateId: number): Promise<boolean> {
  const { botId } = scope;
  return (await hearAll(scope, [{ botId, updateId, subject }])).length > 0;
}

/** An update that is heard, and what it is about. */
export interface HeardUpdate {
  botId: number;
  updateId: number;
  subject: string;
}

/** As hearOnce(), of several updates with different subjects, of any bots. Resolves with those that are new. */
export async function hearAll<One extends HeardUpdate>(
  { db }: Pick<HomeScope, "db">,
  updates: readonly One[],
): Promise<One[]> {
  const heard = await db
    .insert(heardUpdates)
    .values(updates.map(({ botId, updateId, subject }) => ({ botId, updateId, subject })))
    .onConflictDoUpdate({
      target: [heardUpdates.botId, heardUpdates.subject],
      set: { updateId: sql`excluded.update_id`, at: sql`now()` },
      setWhere: IS_NEW,
    })
    .returning({ botId: heardUpdates.botId, subject: heardUpdates.subject });
  const isNew = new Set(heard.map(({ botId, subject }) => `${botId} ${subject}`));
  return updates.filter(({ botId, subject }) => isNew.has(`${botId} ${subject}`));
}

/** True if hearOnce() would say no. For news that is written before it is remembered, since writing it twice does no harm. */
export async function wasHeard({ db, botId }: Scope, subject: string, updateId: number): Promise<boolean> {
  const rows = await db
    .select({ updateId: heardUpdates.updateId })
    .from(heardUpdates)
    .where(
      and(
        eq(heardUpdates.botId, botId),
        eq(heardUpdates.subject, subject),
        gte(heardUpdates.updateId, updateId),
        sql`${heardUpdates.at} >= now() - ${REMEMBERED}`,
      ),
    );
  return rows.length > 0;
}

/** Remembers that the bot's program relays; written once a minute. */
export async function noteRelay({ db, botId }: Scope): Promise<void> {
  await db
    .insert(heardUpdates)
    .values({ botId, subject: RELAY, updateId: 0 })
    .onConflictDoUpdate({
      target: [heardUpdates.botId, heardUpdates.subject],
      set: { at: sql`now()` },
      setWhere: sql`${heardUpdates.at} < now() - interval '1 minute'`,
    });
}

/** When the bot's program relayed last, to a minute; null if it never has. */
export async function lastRelay({ db, botId }: Scope): Promise<Date | null> {
  const [row] = await db
    .select({ at: heardUpdates.at })
    .from(heardUpdates)
    .where(and(eq(heardUpdates.botId, botId), eq(heardUpdates.subject, RELAY)));
  return row?.at ?? null;
}

/** Deletes some of what is older than a day, of all bots. True if there may be more. */
export async function forgetHeard({ db }: Pick<HomeScope, "db">): Promise<boolean> {
  const gone = await query<{ one: number }>(
    db,
    sql`delete from heard_updates where (bot_id, subject) in
          (select bot_id, subject from heard_updates where at < now() - ${REMEMBERED} and subject <> ${RELAY} limit ${BATCH}::int for update skip locked)
        returning 1 as one`,
  );
  return gone.length === BATCH;
}
