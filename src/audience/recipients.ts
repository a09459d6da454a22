import { type SQL, and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { notePeople, withPeopleEvents } from "../webhooks/note-events.ts";
import { recipients } from "../db/schema.ts";
import type { RecipientStatus, WebhookEvent } from "../db/states.ts";
import { visibleName } from "../person-name.ts";

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
 * An unchanged person costs only a read. A language that Telegram omits is kept. An imported person who had not started
 * the bot before joins now. Resolves with true if they have joined by that, or are back.
 */
export async function refreshPerson(scope: Scope, person: Person): Promise<boolean> {
  return withPeopleEvents(scope, ["recipient.joined"], async (tx) => {
    const joined = await upsertPerson(tx, person);
    if (joined) await notePeople(tx, "recipient.joined", [person.id]);
    return joined;
  });
}

/** Resolves with true if they have joined by that, or are back. */
async function upsertPerson({ db, botId }: Scope, person: Person): Promise<boolean> {
  const known = {
    firstName: visibleName(person.first_name),
    lastName: visibleName(person.last_name),
    username: person.username ?? null,
    isPremium: person.is_premium ?? false,
    status: "active" as const,
  };
  const language = primaryLanguage(person.language_code);
  const [written] = await db
    .insert(recipients)
    .values({ botId, chatId: person.id, language, ...known, joinedAt: sql`now()` })
    .onConflictDoUpdate({
      target: [recipients.botId, recipients.chatId],
      set: {
        ...known,
        language: sql`case when ${recipients.languageChosen} then ${recipients.language}
          else coalesce(excluded.language, ${recipients.language}) end`,
        joinedAt: sql`case when ${recipients.status} = 'unreachable' then coalesce(${recipients.joinedAt}, now())
          else ${recipients.joinedAt} end`,
        statusChangedAt: sql`case when ${recipients.status} = 'active' then ${recipients.statusChangedAt} else now() end`,
        updatedAt: sql`now()`,
      },
      setWhere: sql`(${recipients.firstName}, ${recipients.lastName}, ${recipients.username}, ${recipients.isPremium}, ${recipients.status})
        is distinct from (excluded.first_name, excluded.last_name, excluded.username, excluded.is_premium, excluded.status)
        or (not ${recipients.languageChosen} and excluded.language is not null
            and ${recipients.language} is distinct from excluded.language)
        or ${unheard("recipients")}`,
    })
    // Set by this very statement.
    .returning({
      joined: sql<boolean>`coalesce(${recipients.joinedAt} = now() or ${recipients.statusChangedAt} = now(), false)`,
    });
  return written?.joined ?? false;
}

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

/** Sets the language that a person chose. From then on Telegram's does not overwrite it. */
export async function chooseLanguage({ db, botId }: Scope, chatId: number, language: string): Promise<void> {
  await db
    .update(recipients)
    .set({ language, languageChosen: true })
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
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
