import { type SQL, and, eq, inArray, sql } from "drizzle-orm";
import type { Scope } from "../db/scope.ts";
import { listMembers, recipients } from "../db/schema.ts";
import { DomainError } from "../errors.ts";
import { notePeople } from "../webhooks/note-events.ts";
import type { AttributeValue } from "./attributes.ts";
import { holdForgotten, wasForgotten } from "./forgotten.ts";
import { joinedWith } from "./recipients.ts";

/** What a program may say of a person. What is absent stays; null empties a field. */
export interface PersonChange {
  language?: string | null;
  firstName?: string | null;
  lastName?: string | null;
  username?: string | null;
  phone?: string | null;
  /** The earliest date that anything named counts. */
  joinedAt?: Date;
  /** All tags; what is not among them goes. */
  tags?: string[];
  /** After `tags`: tags that are added, and that go. */
  addedTags?: string[];
  removedTags?: string[];
  /** Attributes by name; null removes one. Others stay. */
  attributes?: Record<string, AttributeValue | null>;
  /** Only the person can take it back, with /start. */
  optedOut?: true;
}

/**
 * Adds a person, or changes the one that there is; true if they were added. Call it in a transaction. A new person can be written to; if they have
 * never started the bot, the first broadcast finds out.
 * @throws DomainError `person-forgotten`
 */
export async function putPerson(scope: Scope, chatId: number, change: PersonChange): Promise<boolean> {
  const { fields, optedOut, attributes } = partsOf(change);
  const { db, botId } = scope;
  await holdForgotten(scope, "shared");
  if (await wasForgotten(scope, chatId)) throw new DomainError("person-forgotten", { id: chatId });
  const [row] = await db
    .insert(recipients)
    .values({
      botId,
      chatId,
      ...fields,
      tags: tagsAfter([], change),
      attributes: Object.fromEntries(
        Object.entries(attributes ?? {}).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
      ),
      ...(optedOut && { optedOutAt: sql`now()` }),
    })
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
function columnsOf(change: PersonChange): Record<string, unknown> {
  const { fields, optedOut, tags, addedTags, removedTags, attributes } = partsOf(change);
  const { language, joinedAt, ...others } = fields;
  return {
    ...others,
    ...(tags && { tags: tagsAfter(tags, { addedTags, removedTags }) }),
    ...(!tags && (addedTags || removedTags) && { tags: tagsWith(addedTags ?? [], removedTags ?? []) }),
    ...(attributes && { attributes: attributesWith(attributes) }),
    ...(language !== undefined && {
      language: sql`case when ${recipients.languageChosen} then ${recipients.language} else ${language}::text end`,
    }),
    ...(joinedAt && { joinedAt: joinedWith("recipients", sql`${joinedAt.toISOString()}::timestamptz`) }),
    ...(optedOut && { optedOutAt: sql`coalesce(${recipients.optedOutAt}, now())` }),
  };
}

/** `fields` are columns of the same name. */
function partsOf({ optedOut, tags, addedTags, removedTags, attributes, ...fields }: PersonChange) {
  return { fields, optedOut, tags, addedTags, removedTags, attributes };
}

function tagsAfter(
  before: readonly string[],
  { tags = [...before], addedTags = [], removedTags = [] }: TagsChange,
): string[] {
  return [...new Set([...tags, ...addedTags])].filter((tag) => !removedTags.includes(tag));
}

type TagsChange = { [F in "tags" | "addedTags" | "removedTags"]?: string[] | undefined };

/** SQL: the person's tags after this. */
function tagsWith(added: readonly string[], removed: readonly string[]): SQL {
  return sql`array(select distinct tag from unnest(${recipients.tags} || ${texts(added)}) as tag where tag <> all(${texts(removed)}))`;
}

/** SQL: an array, which drizzle would otherwise write as a list of parameters. */
function texts(all: readonly string[]): SQL {
  return sql`array(select jsonb_array_elements_text(${JSON.stringify(all)}::text::jsonb))`;
}

function attributesWith(attributes: Record<string, AttributeValue | null>): SQL {
  const removed = Object.keys(attributes).filter((name) => attributes[name] === null);
  const kept = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
  return sql`(${recipients.attributes} || ${JSON.stringify(kept)}::text::jsonb) - ${texts(removed)}`;
}

/** Adds tags to people and takes others from them; resolves with how many people changed by that. */
export async function retagPeople(
  { db, botId }: Scope,
  chatIds: readonly number[],
  { addedTags, removedTags }: { addedTags: readonly string[]; removedTags: readonly string[] },
): Promise<number> {
  if (chatIds.length === 0) return 0;
  const changed = await db
    .update(recipients)
    .set({ tags: tagsWith(addedTags, removedTags) })
    .where(
      and(
        eq(recipients.botId, botId),
        eq(recipients.kind, "person"),
        inArray(recipients.chatId, [...chatIds]),
        sql`(not ${recipients.tags} @> ${texts(addedTags)} or ${recipients.tags} && ${texts(removedTags)})`,
      ),
    )
    .returning({ chatId: recipients.chatId });
  return changed.length;
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
