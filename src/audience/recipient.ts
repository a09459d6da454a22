import { and, eq, isNotNull, isNull, or, sql } from "drizzle-orm";
import type { Scope } from "../db/connect.ts";
import { recipients } from "../db/schema.ts";
import type { RecipientStatus } from "../db/states.ts";

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
 * An unchanged person costs a read only: no row is rewritten. A language that Telegram leaves out is kept.
 */
export async function refreshPerson({ db, botId }: Scope, person: Person): Promise<void> {
  const known = {
    firstName: person.first_name,
    lastName: person.last_name ?? null,
    username: person.username ?? null,
    isPremium: person.is_premium ?? false,
    status: "active" as const,
  };
  const language = primaryLanguage(person.language_code);
  await db
    .insert(recipients)
    .values({ botId, chatId: person.id, language, ...known })
    .onConflictDoUpdate({
      target: [recipients.botId, recipients.chatId],
      set: {
        ...known,
        language: sql`case when ${recipients.languageChosen} then ${recipients.language}
          else coalesce(excluded.language, ${recipients.language}) end`,
        statusChangedAt: sql`case when ${recipients.status} = 'active' then ${recipients.statusChangedAt} else now() end`,
        updatedAt: sql`now()`,
      },
      setWhere: sql`(${recipients.firstName}, ${recipients.lastName}, ${recipients.username}, ${recipients.isPremium}, ${recipients.status})
        is distinct from (excluded.first_name, excluded.last_name, excluded.username, excluded.is_premium, excluded.status)
        or (not ${recipients.languageChosen} and excluded.language is not null
            and ${recipients.language} is distinct from excluded.language)`,
    });
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

/** Opts a person out of broadcasts (`true`) or in again. Returns whether that changed anything. */
export async function setOptedOut({ db, botId }: Scope, chatId: number, out: boolean): Promise<boolean> {
  const changed = await db
    .update(recipients)
    .set({ optedOutAt: out ? sql`now()` : null })
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

/** SQL: this recipient may be written to. Matches the partial index `recipients_reachable`. */
export const reachable = and(sql`${recipients.status} = 'active'`, isNull(recipients.optedOutAt));

/** SQL: this recipient opted out, whatever else. */
export const optedOut = isNotNull(recipients.optedOutAt);

/** SQL: this recipient stayed in, but cannot be reached. */
export const lost = and(isNull(recipients.optedOutAt), or(sql`${recipients.status} <> 'active'`));
