import { type SQL, and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import { query } from "../db/connect.ts";
import type { Scope } from "../db/scope.ts";
import { notePeople, withPeopleEvents } from "../webhooks/note-events.ts";
import { recipients } from "../db/schema.ts";
import type { RecipientStatus, WebhookEvent } from "../db/states.ts";
import { visibleName } from "../person-name.ts";
import { isForgotten, removeForgotten } from "./forgotten.ts";
import type { Start } from "./source.ts";

/** What each update says about a person. */
export interface Person {
  id: number;
  first_name: string;
  last_name?: string | undefined;
  username?: string | undefined;
  language_code?: string | undefined;
  is_premium?: boolean | undefined;
}

/** Reduces an IETF tag to the primary subtag that segments use: `pt-BR` to `pt`. Null if it is not a tag. */
export function primaryLanguage(tag: string | null | undefined): string | null {
  const match = /^[a-z]{2,3}(?=$|[-_])/i.exec(tag ?? "");
  return match ? match[0].toLowerCase() : null;
}

/**
 * Registers a person or refreshes their record. They wrote, so the bot can write to them.
 * A person who was seen in the last 24 hours and is unchanged costs only a read. A language that Telegram omits is kept. An
 * imported person who had not started the bot before joins now. Someone who was forgotten is registered again only by a
 * `start`, which also says where people who join by it came from. Resolves with true if they have joined by that, or are
 * back.
 */
export async function refreshPerson(
  scope: Scope,
  person: Person,
  start: Start | null = null,
): Promise<boolean> {
  return withPeopleEvents(scope, ["recipient.joined"], async (tx) => {
    if (start) await removeForgotten(tx, person.id);
    const joined = await upsertPerson(tx, person, start);
    if (joined) await notePeople(tx, "recipient.joined", [person.id]);
    return joined;
  });
}

/** Resolves with true if they have joined by that, or are back. */
async function upsertPerson(scope: Scope, person: Person, start: Start | null): Promise<boolean> {
  const { db, botId } = scope;
  const { id, is_premium: isPremium = false } = person;
  const [written] = await query<{ joined: boolean }>(
    db,
    sql`insert into recipients as r
          (bot_id, chat_id, language, first_name, last_name, username, is_premium, joined_at, source, last_seen_at)
        select ${botId}::bigint, ${id}::bigint, ${primaryLanguage(person.language_code)}::text,
          ${visibleName(person.first_name)}::text, ${visibleName(person.last_name)}::text, ${person.username ?? null}::text,
          ${isPremium}::boolean, now(), ${start?.source ?? null}::text, now()
        where ${start ? sql`true` : sql`not ${isForgotten(scope, sql`${id}`)}`}
        on conflict (bot_id, chat_id) do update set
          first_name = excluded.first_name, last_name = excluded.last_name, username = excluded.username,
          is_premium = excluded.is_premium, status = 'active', last_seen_at = now(), updated_at = now(),
          language = case when r.language_chosen then r.language else coalesce(excluded.language, r.language) end,
          source = case when ${STARTS_NOW} then coalesce(r.source, excluded.source) else r.source end,
          joined_at = case when r.status = 'unreachable' then coalesce(r.joined_at, now()) else r.joined_at end,
          status_changed_at = case when r.status = 'active' then r.status_changed_at else now() end
        where (r.first_name, r.last_name, r.username, r.is_premium, r.status)
            is distinct from (excluded.first_name, excluded.last_name, excluded.username, excluded.is_premium, 'active')
          or (not r.language_chosen and excluded.language is not null and r.language is distinct from excluded.language)
          or r.last_seen_at is null or r.last_seen_at < now() - ${SEEN_EVERY}
          or ${unheard("r")}
        returning coalesce(r.joined_at = now() or r.status_changed_at = now(), false) as joined`,
  );
  return written?.joined ?? false;
}

/** SQL: how long nothing is written for a person who keeps writing. */
const SEEN_EVERY = sql`interval '1 day'`;

/**
 * SQL: nothing was heard from this recipient since an import added them. Only then may a later file change whether they
 * have left; what Herald hears itself is newer.
 */
export function unheard(table: "recipients" | "r"): SQL {
  const column = (name: string) => sql.raw(`${table}.${name}`);
  const [created, updated, joined] = ["created_at", "updated_at", "joined_at"].map(column);
  // People who started the bot themselves joined at the instant their row was created.
  return sql`(${updated} = ${created} and ${joined} is distinct from ${created})`;
}

/**
 * SQL: the bot saw this recipient start it. Whoever a file or a program put on the list with a date had joined before that: see
 * `joinedWith`.
 */
export const hasJoinedItself = sql`${recipients.joinedAt} >= ${recipients.createdAt}`;

/**
 * SQL: when recipient `r` joined, now that a file or a program says it: the earliest date counts, and somebody who is on the list
 * joined before they were put on it.
 */
export function joinedWith(table: "recipients" | "r", said: SQL): SQL {
  const [joined, created] = ["joined_at", "created_at"].map((column) => sql.raw(`${table}.${column}`));
  return sql`case when ${said} is null then ${joined}
    else least(${said}, coalesce(${joined}, ${created} - interval '1 microsecond')) end`;
}

/** SQL: the file that added recipient `r` does not say that they had started the bot, and they had not written to it. */
const STARTS_NOW = sql`(r.joined_at is null and (r.status = 'unreachable' or ${unheard("r")}))`;

/** Records that a person blocked or unblocked the bot, as `my_chat_member` reports. */
export async function setStatus(scope: Scope, chatId: number, status: RecipientStatus): Promise<void> {
  const event = STATUS_EVENTS[status];
  await withPeopleEvents(scope, event ? [event] : [], async (tx) => {
    const [row] = await tx.db
      .update(recipients)
      .set({
        status,
        statusChangedAt: sql`case when ${recipients.status} = ${status} then ${recipients.statusChangedAt} else now() end`,
        updatedAt: sql`now()`,
      })
      .where(and(eq(recipients.botId, tx.botId), eq(recipients.chatId, chatId)))
      .returning({ isNew: sql<boolean>`coalesce(${recipients.statusChangedAt} = now(), false)` });
    if (event && row?.isNew) await notePeople(tx, event, [chatId]);
  });
}

/** What webhooks are told when a person comes into a status. */
const STATUS_EVENTS: Partial<Record<RecipientStatus, WebhookEvent>> = {
  active: "recipient.joined",
  blocked: "recipient.blocked",
};

/** Opts a person out of broadcasts (`true`) or in again, at their request. Returns true if that changed anything. */
export async function setOptedOut(scope: Scope, chatId: number, out: boolean): Promise<boolean> {
  const event = out ? "recipient.left" : "recipient.joined";
  return withPeopleEvents(scope, [event], async (tx) => {
    const changed = await tx.db
      .update(recipients)
      .set({ optedOutAt: out ? sql`now()` : null, updatedAt: sql`now()` })
      .where(
        and(
          eq(recipients.botId, tx.botId),
          eq(recipients.chatId, chatId),
          out ? isNull(recipients.optedOutAt) : isNotNull(recipients.optedOutAt),
        ),
      )
      .returning({ chatId: recipients.chatId });
    if (changed.length > 0) await notePeople(tx, event, [chatId]);
    return changed.length > 0;
  });
}

/**
 * Notes that a person no longer wants the campaigns of a category, or (`wants`) that they want them again, at their request.
 * Returns true if that changed anything.
 */
export async function setWantsCategory(
  { db, botId }: Scope,
  chatId: number,
  category: number,
  wants: boolean,
): Promise<boolean> {
  const left = recipients.leftCategories;
  const has = sql`${left} @> array[${category}::int]`;
  const changed = await db
    .update(recipients)
    .set({
      leftCategories: wants
        ? sql`array_remove(${left}, ${category}::int)`
        : sql`array_append(${left}, ${category}::int)`,
      updatedAt: sql`now()`,
    })
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId), wants ? has : sql`not ${has}`))
    .returning({ chatId: recipients.chatId });
  return changed.length > 0;
}

/** Sets the language that a person chose. From then on Telegram's does not overwrite it. False if they are not known. */
export async function chooseLanguage(
  { db, botId }: Scope,
  chatId: number,
  language: string,
): Promise<boolean> {
  const changed = await db
    .update(recipients)
    .set({ language, languageChosen: true })
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)))
    .returning({ chatId: recipients.chatId });
  return changed.length > 0;
}

/** The stored language of a chat: the chosen one, else Telegram's. */
export async function languageOf({ db, botId }: Scope, chatId: number): Promise<string | null> {
  const [row] = await db
    .select({ language: recipients.language })
    .from(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
  return row?.language ?? null;
}

/** The language that a person chose with /language; null if they have not. */
export async function chosenLanguageOf({ db, botId }: Scope, chatId: number): Promise<string | null> {
  const [row] = await db
    .select({ language: recipients.language })
    .from(recipients)
    .where(
      and(eq(recipients.botId, botId), eq(recipients.chatId, chatId), eq(recipients.languageChosen, true)),
    );
  return row?.language ?? null;
}

/** A person by id, to name them in a list. */
export async function findPerson(
  { db, botId }: Scope,
  chatId: number,
): Promise<{ firstName: string | null; lastName: string | null; username: string | null } | null> {
  const [row] = await db
    .select({ firstName: recipients.firstName, lastName: recipients.lastName, username: recipients.username })
    .from(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
  return row ?? null;
}

/** What the answer to /start goes by: the person's language and names, and where they came from. */
export async function findNewcomer({ db, botId }: Scope, chatId: number) {
  const [row] = await db
    .select({
      language: recipients.language,
      firstName: recipients.firstName,
      lastName: recipients.lastName,
      username: recipients.username,
      source: recipients.source,
    })
    .from(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
  return row ?? null;
}

/**
 * SQL: this alias's recipient can be written to. The only definition, and the same predicate as that of the partial
 * index `recipients_reachable` (db/schema.ts), so that PostgreSQL can use the index.
 */
export function isReachable(alias: "recipients" | "r"): SQL {
  return sql.raw(`${alias}.status = 'active' and ${alias}.opted_out_at is null`);
}

/** SQL: this alias's recipient has not left this category. True for everyone if `category` is null, also as SQL. */
export function wantsCategory(alias: "recipients" | "r", category: SQL | number | null): SQL {
  if (category === null) return sql`true`;
  // An array that holds null is contained in none.
  return sql`(not ${sql.raw(alias)}.left_categories @> array[${category}::int])`;
}

/** SQL: isPersonId() of chat-id.ts, for statements that must not read the recipient. */
export function isOfPerson(column: "chat_id" | "d.chat_id"): SQL {
  return sql.raw(`${column} > 0`);
}

/** SQL: this recipient can be written to. */
export const reachable = sql`(${isReachable("recipients")})`;

/** SQL: this recipient opted out, whatever their status. */
export const optedOut = isNotNull(recipients.optedOutAt);

/** SQL: this recipient has not opted out, but cannot be reached. */
export const unreachable = and(isNull(recipients.optedOutAt), or(sql`${recipients.status} <> 'active'`));
