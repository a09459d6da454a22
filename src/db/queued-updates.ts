import { type SQL, and, eq, inArray, sql } from "drizzle-orm";
import { query } from "./connect.ts";
import { hearAll } from "./heard-updates.ts";
import { queuedUpdates } from "./schema.ts";
import { type HomeScope, type Scope, inTransaction } from "./scope.ts";

/*
 * The updates that Telegram has posted, until they are handled. Rows are few while somebody handles them: what is handled is
 * deleted at once, and that an update was there is remembered in heard_updates.
 */

/** An update on its way into the queue. */
export interface PostedUpdate {
  botId: number;
  updateId: number;
  /** Sealed. */
  body: string;
}

/** An update of the queue that somebody has begun to handle. */
export interface TakenUpdate {
  updateId: number;
  /** Sealed. */
  body: string;
  /** How often somebody has begun to, this time included. */
  taken: number;
}

/**
 * Stores updates, of any bots of the home. One that was stored within a day before, handled or not, is left out. Tells the
 * processes that run the bots in `elsewhere`.
 */
export async function queueUpdates(
  home: HomeScope,
  updates: readonly PostedUpdate[],
  elsewhere: ReadonlySet<number>,
): Promise<void> {
  await inTransaction(home, async (tx) => {
    const fresh = await hearAll(
      tx,
      updates.map(({ botId, updateId }) => ({ botId, updateId, subject: `update ${updateId}` })),
    );
    const isFresh = new Set(fresh.map(({ botId, updateId }) => `${botId} ${updateId}`));
    const rows = updates.filter(({ botId, updateId }) => isFresh.has(`${botId} ${updateId}`));
    if (rows.length === 0) return;
    await tx.db.insert(queuedUpdates).values(rows).onConflictDoNothing();
    for (const botId of new Set(rows.map((row) => row.botId)))
      if (elsewhere.has(botId)) await tx.nudges?.send(tx.db, botId, "updates");
  });
}

/**
 * Takes the next updates of the bot, the oldest first, for `by`, which gets none twice. What somebody else had taken is taken
 * over, so only the process that runs the bot may call it. With `begunBefore`, only those that were begun so often.
 */
export async function takeUpdates(
  { db, botId }: Scope,
  by: string,
  { limit, begunBefore = 0 }: { limit: number; begunBefore?: number },
): Promise<TakenUpdate[]> {
  const rows = await query<TakenUpdate>(
    db,
    sql`with next as (
          select update_id from queued_updates
          where bot_id = ${botId} and taken_by is distinct from ${by} and taken >= ${begunBefore}::int
          order by update_id limit ${limit}::int
        )
        update queued_updates q set taken_by = ${by}, taken = least(q.taken + 1, 100) from next
        where q.bot_id = ${botId} and q.update_id = next.update_id
        returning q.update_id::float8 as "updateId", q.body, q.taken`,
  );
  return rows.toSorted((a, b) => a.updateId - b.updateId);
}

/** Deletes updates that are handled. */
export async function forgetUpdates({ db, botId }: Scope, updateIds: readonly number[]): Promise<void> {
  await db
    .delete(queuedUpdates)
    .where(and(eq(queuedUpdates.botId, botId), inArray(queuedUpdates.updateId, [...updateIds])));
}

/** How many updates wait or are being handled, counted up to `most`, and for how long the oldest of them; in seconds. */
export interface Backlog {
  count: number;
  seconds: number;
}

/** Of one bot. */
export async function backlogOf({ db, botId }: Scope, most: number): Promise<Backlog> {
  return readBacklog({ db }, sql`bot_id = ${botId}`, most);
}

/** Of all bots of a home. */
export async function backlogOfHome({ db, homeId }: HomeScope, most: number): Promise<Backlog> {
  return readBacklog(
    { db },
    sql`bot_id in (select s.bot_id from senders s where s.home_id = ${homeId})`,
    most,
  );
}

async function readBacklog({ db }: Pick<HomeScope, "db">, whose: SQL, most: number): Promise<Backlog> {
  const [row] = await query<Backlog>(
    db,
    sql`select count(*)::int as count,
          greatest(coalesce(extract(epoch from now() - min(at)), 0), 0)::float8 as seconds
        from (select at from queued_updates where ${whose} order by bot_id, update_id limit ${most}::int) oldest`,
  );
  return row ?? { count: 0, seconds: 0 };
}

/** As long as Telegram itself keeps an update. */
const KEPT = sql`interval '1 day'`;

/** Deletes what nobody has handled in a day, such as of a bot that another program answers now. Resolves with how many. */
export async function dropOldUpdates({ db }: Pick<HomeScope, "db">): Promise<number> {
  const gone = await query<{ one: number }>(
    db,
    sql`delete from queued_updates where at < now() - ${KEPT} returning 1 as one`,
  );
  return gone.length;
}

/** After a restore, the updates in the queue were handled long ago. */
export async function dropAllUpdates({ db }: Pick<HomeScope, "db">): Promise<void> {
  await db.delete(queuedUpdates);
}
