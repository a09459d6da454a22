import { type SQL, and, asc, count, eq, gt, inArray, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import { listMembers, lists } from "../db/schema.ts";
import type { Scope } from "../db/scope.ts";
import { DomainError } from "../errors.ts";
import { shownName } from "./shown-name.ts";

/** People of a bot whom somebody picked one by one. */
export type List = Omit<typeof lists.$inferSelect, "botId" | "key">;

/** The most lists of a bot: more than anybody finds again. */
export const MOST_LISTS = 1_000;

/**
 * Makes an empty list.
 * @throws DomainError `list-name-unfit`, `list-name-taken`, `too-many-lists`
 */
export async function insertList(scope: Scope, text: string, createdBy: number): Promise<List> {
  const { db, botId } = scope;
  const [held] = await db.select({ lists: count() }).from(lists).where(eq(lists.botId, botId));
  if (held && held.lists >= MOST_LISTS) throw new DomainError("too-many-lists", { count: MOST_LISTS });
  const named = fitName(text);
  const [row] = await db
    .insert(lists)
    .values({ botId, ...named, createdBy })
    .onConflictDoNothing()
    .returning();
  if (!row) throw new DomainError("list-name-taken", { name: named.name });
  return toList(row);
}

/**
 * Gives a list another name; null if there is no such list.
 * @throws DomainError `list-name-unfit`, `list-name-taken`
 */
export async function setListName({ db, botId }: Scope, id: number, text: string): Promise<List | null> {
  const named = fitName(text);
  const [taken] = await db
    .select({ id: lists.id })
    .from(lists)
    .where(and(eq(lists.botId, botId), eq(lists.key, named.key)));
  if (taken && taken.id !== id) throw new DomainError("list-name-taken", { name: named.name });
  const [row] = await db.update(lists).set(named).where(isList(botId, id)).returning();
  return row ? toList(row) : null;
}

/** Deletes a list with its members; the people stay. False if there is no such list. */
export async function removeList({ db, botId }: Scope, id: number): Promise<boolean> {
  const gone = await db.delete(lists).where(isList(botId, id)).returning({ id: lists.id });
  await db.delete(listMembers).where(and(eq(listMembers.botId, botId), eq(listMembers.listId, id)));
  return gone.length > 0;
}

export async function findList({ db, botId }: Scope, id: number): Promise<List | null> {
  const [row] = await db.select().from(lists).where(isList(botId, id));
  return row ? toList(row) : null;
}

/** By its name in any spelling. */
export async function findListByName({ db, botId }: Scope, text: string): Promise<List | null> {
  const key = shownName(text)?.key;
  if (key === undefined) return null;
  const [row] = await db
    .select()
    .from(lists)
    .where(and(eq(lists.botId, botId), eq(lists.key, key)));
  return row ? toList(row) : null;
}

/** The lists of a bot by name, and how many people are on each. */
export async function listLists({ db, botId }: Scope): Promise<(List & { members: number })[]> {
  const rows = await db.select().from(lists).where(eq(lists.botId, botId)).orderBy(asc(lists.key));
  const counts = await db
    .select({ id: listMembers.listId, members: count() })
    .from(listMembers)
    .where(eq(listMembers.botId, botId))
    .groupBy(listMembers.listId);
  const members = new Map(counts.map(({ id, members }) => [id, members]));
  return rows.map((row) => ({ ...toList(row), members: members.get(row.id) ?? 0 }));
}

/** The lists that a person is on, in the order of their ids. */
export async function listListsOf(
  { db, botId }: Scope,
  chatId: number,
): Promise<{ id: number; name: string }[]> {
  return db
    .select({ id: lists.id, name: lists.name })
    .from(listMembers)
    .innerJoin(lists, and(eq(lists.botId, listMembers.botId), eq(lists.id, listMembers.listId)))
    .where(and(eq(listMembers.botId, botId), eq(listMembers.chatId, chatId)))
    .orderBy(asc(lists.id));
}

/** The ids of those on a list in their order, at most `limit`, above `after`. */
export async function listMemberIds(
  { db, botId }: Scope,
  id: number,
  limit: number,
  after = 0,
): Promise<number[]> {
  const rows = await db
    .select({ chatId: listMembers.chatId })
    .from(listMembers)
    .where(and(eq(listMembers.botId, botId), eq(listMembers.listId, id), gt(listMembers.chatId, after)))
    .orderBy(asc(listMembers.chatId))
    .limit(limit);
  return rows.map(({ chatId }) => chatId);
}

export async function countMembers({ db, botId }: Scope, id: number): Promise<number> {
  const [row] = await db
    .select({ members: count() })
    .from(listMembers)
    .where(and(eq(listMembers.botId, botId), eq(listMembers.listId, id)));
  return row?.members ?? 0;
}

/**
 * Puts on a list those of these people whom the bot knows and who are not on it yet; resolves with how many that were.
 * The list is locked first, so that nobody is put on one that is being deleted.
 */
export async function insertMembers(scope: Scope, id: number, chatIds: readonly number[]): Promise<number> {
  const { botId } = scope;
  return insertMembersFrom(
    scope,
    id,
    sql`select chat_id from recipients where bot_id = ${botId} and kind = 'person'
      and chat_id in (select value::bigint from jsonb_array_elements_text(${JSON.stringify(chatIds)}::text::jsonb))`,
  );
}

/** As insertMembers(), of the people whose ids a query gives as `chat_id`. */
export async function insertMembersFrom({ db, botId }: Scope, id: number, people: SQL): Promise<number> {
  const [row] = await query<{ added: number }>(
    db,
    sql`with held as (select id from lists where bot_id = ${botId} and id = ${id} for share),
      added as (
        insert into list_members (bot_id, list_id, chat_id)
        select ${botId}::bigint, held.id, p.chat_id from held, (${people}) p
        on conflict do nothing returning chat_id
      )
      select count(*)::float8 as added from added`,
  );
  return row?.added ?? 0;
}

/** Takes people off a list; resolves with how many were on it. */
export async function removeMembers(
  { db, botId }: Scope,
  id: number,
  chatIds: readonly number[],
): Promise<number> {
  if (chatIds.length === 0) return 0;
  const gone = await db
    .delete(listMembers)
    .where(
      and(
        eq(listMembers.botId, botId),
        eq(listMembers.listId, id),
        inArray(listMembers.chatId, [...chatIds]),
      ),
    )
    .returning({ chatId: listMembers.chatId });
  return gone.length;
}

function isList(botId: number, id: number): SQL | undefined {
  return and(eq(lists.botId, botId), eq(lists.id, id));
}

function fitName(text: string): { name: string; key: string } {
  const named = shownName(text);
  if (!named) throw new DomainError("list-name-unfit");
  return named;
}

function toList(row: typeof lists.$inferSelect): List {
  const { botId: _, key: __, ...list } = row;
  return list;
}
