import { type SQL, and, eq, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { listMembers, recipients } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { notePeople } from "../webhooks/note-events.ts";
import { holdForgotten, wasForgotten } from "./forgotten.ts";

/** What a program may say of a person. What is absent stays; null empties a field. */
export interface PersonChange {
  language?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  username?: string | null;
  phone?: string | null;
  /** The earliest date that anything named counts. */
  joinedAt?: Date;
  /** Only the person can take it back, with /start. */
  optedOut?: true;
}

/**
 * Adds a person, or changes the one that there is; true if they were added. Call it in a transaction. A new person can be written to; if they have
 * never started the bot, the first broadcast finds out.
 * @throws DomainError `person-forgotten`
 */
export async function putPerson(scope: Scope, chatId: number, change: PersonChange): Promise<boolean> {
  const { optedOut, ...fields } = change;
  const { db, botId } = scope;
  await holdForgotten(scope, "shared");
  if (await wasForgotten(scope, chatId)) throw new DomainError("person-forgotten", { id: chatId });
  const [row] = await db
    .insert(recipients)
    .values({ botId, chatId, ...fields, ...(optedOut && { optedOutAt: sql`now()` }) })
    .onConflictDoUpdate({
      target: [recipients.botId, recipients.chatId],
      // An update sets something, or it would return no row.
      set: { chatId, ...columnsOf(change) },
    })
    .returning({ isNew: sql<boolean>`xmax = 0`, hasLeft });
  if (!row) throw new Error("an upsert returned no row");
  if (row.hasLeft && !row.isNew) await notePeople(scope, "recipient.left", [chatId]);
  return row.isNew;
}

/** Changes a known person; false if there is none. */
export async function changePerson(scope: Scope, chatId: number, change: PersonChange): Promise<boolean> {
  const [row] = await scope.db
    .update(recipients)
    .set({ chatId, ...columnsOf(change) })
    .where(and(eq(recipients.botId, scope.botId), eq(recipients.chatId, chatId)))
    .returning({ hasLeft });
  if (row?.hasLeft) await notePeople(scope, "recipient.left", [chatId]);
  return row !== undefined;
}

/** SQL: opted out by this very transaction. */
const hasLeft = sql<boolean>`coalesce(${recipients.optedOutAt} = now(), false)`;

/**
 * As in an import, a language that the person chose stays, and so does `updated_at`, which says when Herald last heard of
 * the person.
 */
function columnsOf({ language, joinedAt, optedOut, ...fields }: PersonChange): Record<string, unknown> {
  return {
    ...fields,
    ...(language !== undefined && {
      language: sql`case when ${recipients.languageChosen} then ${recipients.language} else ${language}::text end`,
    }),
    ...(joinedAt && { joinedAt: earliestOf(joinedAt) }),
    ...(optedOut && { optedOutAt: sql`coalesce(${recipients.optedOutAt}, now())` }),
  };
}

function earliestOf(joinedAt: Date): SQL {
  return sql`least(${recipients.joinedAt}, ${joinedAt.toISOString()}::timestamptz)`;
}

/** Deletes a person, and takes them off all lists; false if they were not known. */
export async function removePerson({ db, botId }: Scope, chatId: number): Promise<boolean> {
  await db.delete(listMembers).where(and(eq(listMembers.botId, botId), eq(listMembers.chatId, chatId)));
  const removed = await db
    .delete(recipients)
    .where(and(eq(recipients.botId, botId), eq(recipients.chatId, chatId)))
    .returning({ chatId: recipients.chatId });
  return removed.length > 0;
}
