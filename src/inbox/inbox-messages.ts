import { type SQL, and, asc, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import { type Db, query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";
import { inboxMessages, inboxThreads } from "../db/schema.ts";
import type { InboxDirection, InboxState } from "../db/states.ts";

/** A message of the inbox: whose it is, where it was written, and where its copy is. */
export type InboxMessage = typeof inboxMessages.$inferSelect;

/** What leaves together: one message, or the parts of an album. */
export interface Unit {
  chatId: number;
  parts: InboxMessage[];
}

/** Rows that are read at once. Far more people than this cannot be waiting for a group that takes 20 messages a minute. */
const LOOKED_AT = 500;

/** The oldest that waits of each person, in the order in which it was written. */
export async function listWaiting({ db, botId }: Scope, direction: InboxDirection): Promise<Unit[]> {
  const rows = await db
    .select()
    .from(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.direction, direction),
        eq(inboxMessages.state, "waiting"),
      ),
    )
    .orderBy(asc(inboxMessages.id))
    .limit(LOOKED_AT);
  const units = new Map<number, { unit: Unit; isOpen: boolean }>();
  for (const row of rows) {
    const known = units.get(row.chatId);
    if (!known) {
      units.set(row.chatId, { unit: { chatId: row.chatId, parts: [row] }, isOpen: row.albumId !== null });
      continue;
    }
    const [first] = known.unit.parts;
    known.isOpen &&= first?.albumId === row.albumId && known.unit.parts.length < MOST_PARTS;
    if (known.isOpen) known.unit.parts.push(row);
  }
  return [...units.values()].map(({ unit }) => unit);
}

/** No album has more. */
const MOST_PARTS = 10;

const INTERRUPTED = "Herald ended while it was on its way";
const RESTORED = "the database was restored from a backup";

/** Notes that the call is about to leave. False if the parts no longer wait. */
export async function beginLeaving(scope: Scope, parts: readonly InboxMessage[]): Promise<boolean> {
  return (await move(scope, parts, ["waiting"], { state: "leaving" })) === parts.length;
}

/** The copies of the parts, in their order; fewer if Telegram left some out, and then it is not known which. */
export async function noteArrived(
  scope: Scope,
  parts: readonly InboxMessage[],
  copyChat: number,
  copyIds: readonly number[],
): Promise<void> {
  const isWhole = copyIds.length === parts.length;
  for (const [index, part] of parts.entries())
    await move(scope, [part], ["leaving", "uncertain"], {
      state: "arrived",
      copyChat,
      copyId: isWhole ? (copyIds[index] ?? null) : null,
      untold: !isWhole && index === 0,
      description: isWhole ? null : `${copyIds.length}/${parts.length}`,
    });
}

/** Nothing left: it waits again. */
export async function putBack(scope: Scope, parts: readonly InboxMessage[]): Promise<void> {
  await move(scope, parts, ["leaving"], { state: "waiting" });
}

/** It was refused, or may have left without an answer. The group is told. */
export async function noteNotArrived(
  scope: Scope,
  parts: readonly InboxMessage[],
  state: "refused" | "uncertain",
  description: string,
): Promise<void> {
  // Of an album, the group is told once.
  const untold = sql`${inboxMessages.id} = ${parts[0]?.id ?? 0}::bigint`;
  await move(scope, parts, ["leaving", "waiting"], { state, description, untold });
}

/** Somebody in the group wants an uncertain message to be sent again. False if it is not uncertain. */
export async function sendAgain(scope: Scope, chatId: number, id: number): Promise<boolean> {
  const { db, botId } = scope;
  const [first] = await db
    .select()
    .from(inboxMessages)
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.id, id), eq(inboxMessages.chatId, chatId)));
  if (!first) return false;
  const album = first.albumId === null ? undefined : eq(inboxMessages.albumId, first.albumId);
  const rows = await db
    .update(inboxMessages)
    .set({ state: "waiting", untold: false, description: null })
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.chatId, chatId),
        eq(inboxMessages.state, "uncertain"),
        album ?? eq(inboxMessages.id, id),
      ),
    )
    .returning({ id: inboxMessages.id });
  return rows.length > 0;
}

async function move(
  { db, botId }: Scope,
  parts: readonly InboxMessage[],
  from: readonly InboxState[],
  change: { [Column in keyof InboxMessage]?: InboxMessage[Column] | SQL },
): Promise<number> {
  if (parts.length === 0) return 0;
  const ids = parts.map(({ id }) => id);
  const rows = await db
    .update(inboxMessages)
    .set(change)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        inArray(inboxMessages.id, ids),
        inArray(inboxMessages.state, [...from]),
      ),
    )
    .returning({ id: inboxMessages.id });
  return rows.length;
}

/** What the group is still to be told, the oldest first. */
export async function listUntold({ db, botId }: Scope, most: number): Promise<InboxMessage[]> {
  return db
    .select()
    .from(inboxMessages)
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.untold, true)))
    .orderBy(asc(inboxMessages.id))
    .limit(most);
}

export async function noteTold(scope: Scope, { id }: InboxMessage): Promise<void> {
  const { db, botId } = scope;
  await db
    .update(inboxMessages)
    .set({ untold: false })
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.id, id)));
}

/** The process that was sending has ended: what was leaving then is uncertain. Resolves with how many messages that are. */
export async function rescueLeaving({ db, botId }: Scope): Promise<number> {
  const rows = await query<{ id: number }>(
    db,
    sql`with left_over as (
          select id, row_number() over (partition by chat_id, direction, coalesce(album_id, id::text) order by id) as place
          from inbox_messages where bot_id = ${botId} and state = 'leaving'
        )
        update inbox_messages m set state = 'uncertain', untold = l.place = 1, description = ${INTERRUPTED}::text
        from left_over l where m.bot_id = ${botId} and m.id = l.id
        returning m.id::float8 as id`,
  );
  return rows.length;
}

/** After a restore: whether what waited has left since is not known. Of all bots. */
export async function holdRestoredInboxes(db: Db): Promise<void> {
  await db.execute(
    sql`with open as (
          select bot_id, id, row_number() over
            (partition by bot_id, chat_id, direction, coalesce(album_id, id::text) order by id) as place
          from inbox_messages where state in ('waiting', 'leaving')
        )
        update inbox_messages m set state = 'uncertain', untold = o.place = 1, description = ${RESTORED}::text
        from open o where m.bot_id = o.bot_id and m.id = o.id`,
  );
}

/** The message that a copy stands for; null if there is none. */
export async function findByCopy(
  { db, botId }: Scope,
  copyChat: number,
  copyId: number,
): Promise<InboxMessage | null> {
  const [row] = await db
    .select()
    .from(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.copyChat, copyChat),
        eq(inboxMessages.copyId, copyId),
      ),
    );
  return row ?? null;
}

/**
 * What stands for a message of one chat in the other: the copy that was made of it, or the message that it is a copy of.
 * Null if nothing does.
 */
export async function counterpart(
  scope: Scope,
  inChat: number,
  messageId: number,
  otherChat: number,
): Promise<number | null> {
  const { db, botId } = scope;
  const [made] = await db
    .select({ copyChat: inboxMessages.copyChat, copyId: inboxMessages.copyId })
    .from(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.fromChat, inChat),
        eq(inboxMessages.messageId, messageId),
        eq(inboxMessages.state, "arrived"),
      ),
    )
    .orderBy(desc(inboxMessages.editedAt))
    .limit(1);
  if (made) return made.copyChat === otherChat ? made.copyId : null;
  const source = await findByCopy(scope, inChat, messageId);
  return source?.fromChat === otherChat ? source.messageId : null;
}

/** What waits is not passed on: the inbox is turned off. */
export async function dropWaiting({ db, botId }: Scope): Promise<void> {
  await db
    .delete(inboxMessages)
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.state, "waiting")));
  await db
    .update(inboxMessages)
    .set({ untold: false })
    .where(and(eq(inboxMessages.botId, botId), eq(inboxMessages.untold, true)));
  await db
    .update(inboxThreads)
    .set({ passedOver: 0 })
    .where(and(eq(inboxThreads.botId, botId), gt(inboxThreads.passedOver, 0)));
}

/** Rows deleted in one statement. */
const BATCH = 2_000;

/** Deletes some of what was written before; replies to it no longer arrive. True if there may be more. */
export async function dropOld({ db, botId }: Scope, before: Date): Promise<boolean> {
  const gone = await db
    .delete(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        inArray(
          inboxMessages.id,
          db
            .select({ id: inboxMessages.id })
            .from(inboxMessages)
            .where(and(eq(inboxMessages.botId, botId), lt(inboxMessages.at, before)))
            .limit(BATCH),
        ),
      ),
    )
    .returning({ id: inboxMessages.id });
  return gone.length === BATCH;
}
