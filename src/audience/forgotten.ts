import { type SQL, and, eq, sql } from "drizzle-orm";
import { randomBytes } from "node:crypto";
import { query } from "../db/connect.ts";
import { forgotten, homes } from "../db/schema.ts";
import type { Scope } from "../db/scope.ts";

/*
 * People who are to be forgotten, so that no file and no program puts them back on the list; only they can return, with
 * /start. Their ids are not kept: a row has a hash, made with a key of the home, so that the rows of two homes, or a list of
 * ids and a copy of this table, say nothing about each other. The key lies in the same database: after a new BOT_TOKEN or
 * SECRET_KEY, everybody has to stay forgotten.
 */

const KEY_BYTES = 32;

/** SQL: the row that stands for a person, if there is one. `chatId` is SQL of the person's id. */
export function isForgotten({ homeId, botId }: Scope, chatId: SQL): SQL {
  return sql`exists (select from forgotten f where f.bot_id = ${botId}::bigint and f.hash = ${hashOf(homeId, botId, chatId)})`;
}

/** SQL. Null, which equals nothing, while nobody has been forgotten. SHA-256 of a key and two numbers cannot be extended. */
function hashOf(homeId: number, botId: number, chatId: SQL): SQL {
  return sql`encode(sha256(convert_to((select h.forget_key from homes h where h.home_id = ${homeId}::bigint)
    || ' ' || ${botId}::bigint || ' ' || (${chatId})::bigint, 'UTF8')), 'hex')`;
}

/** Remembers that a person is to be forgotten. Call it in the transaction that deletes what is known of them. */
export async function insertForgotten({ db, homeId, botId }: Scope, chatId: number): Promise<void> {
  // A home has no row before its first campaign.
  await db
    .insert(homes)
    .values({ homeId, forgetKey: randomBytes(KEY_BYTES).toString("hex") })
    .onConflictDoUpdate({
      target: homes.homeId,
      set: { forgetKey: sql`coalesce(${homes.forgetKey}, excluded.forget_key)` },
    });
  await db
    .insert(forgotten)
    .values({ botId, hash: hashOf(homeId, botId, sql`${chatId}`) })
    .onConflictDoNothing();
}

/** The person is back. */
export async function removeForgotten({ db, homeId, botId }: Scope, chatId: number): Promise<void> {
  await db
    .delete(forgotten)
    .where(
      and(eq(forgotten.botId, botId), sql`${forgotten.hash} = ${hashOf(homeId, botId, sql`${chatId}`)}`),
    );
}

export async function wasForgotten(scope: Scope, chatId: number): Promise<boolean> {
  const [row] = await query<{ is: boolean }>(
    scope.db,
    sql`select ${isForgotten(scope, sql`${chatId}`)} as is`,
  );
  return row?.is ?? false;
}

/**
 * Keeps people from being forgotten (`exclusive`) while a statement that began before would put them back on the list
 * (`shared`), until the transaction ends.
 */
export async function holdForgotten({ db, botId }: Scope, mode: "exclusive" | "shared"): Promise<void> {
  const lock = sql`hashtextextended('forget', ${botId}::bigint)`;
  await db.execute(
    mode === "exclusive"
      ? sql`select pg_advisory_xact_lock(${lock})`
      : sql`select pg_advisory_xact_lock_shared(${lock})`,
  );
}
