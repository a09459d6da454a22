import { type SQL, and, arrayContains, eq, isNull, sql } from "drizzle-orm";
import { deleteDialog } from "../db/dialog-state.ts";
import { admins, apiKeys } from "../db/schema.ts";
import { type HomeScope, inTransaction } from "../db/scope.ts";
import { type Actor, type Limit, authorize } from "./actor.ts";
import { record } from "./audit.ts";
import { holdBots } from "./hold-bots.ts";

/*
 * To which bots an admin or a key is limited. It counts from the next update or request on, in every process, because each
 * is looked up anew.
 */

/** All bots, also those that are added later; or one bot more or less. The first one that is given limits to it alone. */
export type LimitChange = "all" | { botId: number; may: boolean };

/**
 * Changes which bots an admin may use, and ends their open dialog. Null if they are no admin; owners are not listed, and never limited.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function limitAdmin(
  scope: HomeScope,
  actor: Actor,
  userId: number,
  change: LimitChange,
): Promise<{ limit: Limit } | null> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "limit-admin");
    await holdNamed(tx, change);
    const [row] = await tx.db
      .update(admins)
      .set({ bots: changed(admins.bots, change) })
      .where(and(eq(admins.homeId, tx.homeId), eq(admins.userId, userId)))
      .returning({ limit: admins.bots });
    if (!row) return null;
    // It may be in the middle of something that they may no longer do.
    await deleteDialog(tx, userId);
    await record(tx, actor, "admin.limited", userId);
    return row;
  });
}

/**
 * Changes which bots a key may use. Null if there is no such key, or it is revoked.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function limitKey(
  scope: HomeScope,
  actor: Actor,
  id: number,
  change: LimitChange,
): Promise<{ limit: Limit } | null> {
  return inTransaction(scope, async (tx) => {
    await authorize(tx, actor, "limit-key");
    await holdNamed(tx, change);
    const [row] = await tx.db
      .update(apiKeys)
      .set({ bots: changed(apiKeys.bots, change) })
      .where(and(eq(apiKeys.homeId, tx.homeId), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      .returning({ limit: apiKeys.bots });
    if (!row) return null;
    await record(tx, actor, "key.limited", id);
    return row;
  });
}

/**
 * Takes a bot that is removed out of all limits. Whoever was limited to it alone may then use none, never all; and should
 * it be added again, an owner decides anew.
 */
export async function forgetBot({ db, homeId }: HomeScope, botId: number): Promise<void> {
  await db
    .update(admins)
    .set({ bots: without(admins.bots, botId) })
    .where(and(eq(admins.homeId, homeId), arrayContains(admins.bots, [botId])));
  await db
    .update(apiKeys)
    .set({ bots: without(apiKeys.bots, botId) })
    .where(and(eq(apiKeys.homeId, homeId), arrayContains(apiKeys.bots, [botId])));
}

type Bots = typeof admins.bots | typeof apiKeys.bots;

/** SQL. In one statement, so that of two changes at once both count. */
function changed(bots: Bots, change: LimitChange): SQL | null {
  if (change === "all") return null;
  const others = without(bots, change.botId);
  return change.may
    ? sql`(select array_agg(bot order by bot) from unnest(array_append(${others}, ${change.botId}::bigint)) as bot)`
    : others;
}

/** SQL: null stays null, which is all. */
function without(bots: Bots, botId: number): SQL {
  return sql`array_remove(${bots}, ${botId}::bigint)`;
}

async function holdNamed(tx: HomeScope, change: LimitChange): Promise<void> {
  if (change !== "all" && change.may) await holdBots(tx, [change.botId]);
}
