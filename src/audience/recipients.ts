import { type SQL, and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { recipients } from "../db/schema.ts";
import type { RecipientStatus } from "../db/states.ts";
import { visibleName } from "../person-name.ts";

/** What Telegram tells of a person with each update. */
export interface Person {
  id: number;
  first_name: string;
  last_name?: string | undefined;
  username?: string | undefined;
  language_code?: string | undefined;
  is_premium?: boolean | undefined;
}

/** Reduces an IETF tag to what segments go by: `pt-BR` to `pt`. Null for what is no tag. */
export function primaryLanguage(tag: string | null | undefined): string | null {
  const match = /^[a-z]{2,3}(?=$|[-_])/i.exec(tag ?? "");
  return match ? match[0].toLowerCase() : null;
}

/**
 * Registers a person or refreshes what is known of them. They wrote, so they can be written to.
 * An unchanged person costs a read only: no row is rewritten. A language that Telegram leaves out is kept. Somebody
 * imported whom Telegram did not know to have started the bot joins now.
 */
export async function refreshPerson({ db, botId }: Scope, person: Person): Promise<void> {
  const known = {
    firstName: visibleName(person.first_name),
    lastName: visibleName(person.last_name),
    username: person.username ?? null,
    isPremium: person.is_premium ?? false,
    status: "active" as const,
  };
  const language = primaryLanguage(person.language_code);
  await db
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
    });
}

/**
 * SQL: nothing was heard from this recipient since an import brought them. Only then does a later file have more to say
 * of whether they have left; what Herald hears itself is newer.
 */
export function unheard(table: "recipients" | "r"): SQL {
  const column = (name: string) => sql.raw(`${table}.${name}`);
  const [created, updated, joined] = ["created_at", "updated_at", "joined_at"].map(column);
  // Who started the bot themselves has joined in the instant in which their row was made.
  return sql`(${updated} = ${created} and ${joined} is distinct from ${created})`;
}

/** Notes that a person blocked or unblocked the bot; Telegram tells it in `my_chat_member`. */
export async function setStatus(
  { db, botId }: Scope,
  chatId: number,
  status: RecipientStatus,
): Promise<void> {
  await db
    .update(recipients)
    .set({ status, statusChangedAt: sql`now()`, updatedAt: sql`now()` })
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
}

/** Opts a person out of broadcasts (`true`) or in again, at their word. Returns whether that changed anything. */
export async function setOptedOut({ db, botId }: Scope, chatId: number, out: boolean): Promise<boolean> {
  const changed = await db
    .update(recipients)
    .set({ optedOutAt: out ? sql`now()` : null, updatedAt: sql`now()` })
    .where(
      and(
        eq(recipients.botId, botId),
        eq(recipients.chatId, chatId),
        out ? isNull(recipients.optedOutAt) : isNotNull(recipients.optedOutAt),
      ),
    )
    .returning({ chatId: recipients.chatId });
  return changed.length > 0;
}

/** Sets the language that a person chose. From now on Telegram's own does not overwrite it. */
export async function chooseLanguage({ db, botId }: Scope, chatId: number, language: string): Promise<void> {
  await db
    .update(recipients)
    .set({ language, languageChosen: true })
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
}

/** The language of a chat as it is stored: chosen, else Telegram's. */
export async function languageOf({ db, botId }: Scope, chatId: number): Promise<string | null> {
  const [row] = await db
    .select({ language: recipients.language })
    .from(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)));
  return row?.language ?? null;
}

/** The language that somebody chose with /language; null when it is that of their Telegram. */
export async function chosenLanguageOf({ db, botId }: Scope, chatId: number): Promise<string | null> {
  const [row] = await db
    .select({ language: recipients.language })
    .from(recipients)
    .where(
      and(eq(recipients.botId, botId), eq(recipients.chatId, chatId), eq(recipients.languageChosen, true)),
    );
  return row?.language ?? null;
}

/** Finds a person by id, for naming them in a list. */
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

/**
 * SQL: the recipient of this alias may be written to. The one place that says so, in the words of the partial index
 * `recipients_reachable` (db/schema.ts), which then serves.
 */
export function isReachable(alias: "recipients" | "r"): SQL {
  return sql.raw(`${alias}.status = 'active' and ${alias}.opted_out_at is null`);
}

/** SQL: isPersonId() of chat-id.ts, for statements that must not read the recipient for it. */
export function isOfPerson(column: "chat_id" | "d.chat_id"): SQL {
  return sql.raw(`${column} > 0`);
}

/** SQL: this recipient may be written to. */
export const reachable = sql`(${isReachable("recipients")})`;

/** SQL: this recipient opted out, whatever else. */
export const optedOut = isNotNull(recipients.optedOutAt);

/** SQL: this recipient stayed in, but cannot be reached. */
export const lost = and(isNull(recipients.optedOutAt), or(sql`${recipients.status} <> 'active'`));
