import { type SQL, and, asc, eq, gt, inArray, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/scope.ts";
import { chats, recipients, topics } from "../db/schema.ts";
import type { RecipientKind, RecipientStatus } from "../db/states.ts";
import { flag, format, object } from "../stored-json.ts";

/** A chat that a campaign goes to. */
export interface ChatTarget {
  chatId: number;
  /** A topic of a forum; absent for the chat as a whole. */
  threadId?: number;
}

/** What the bot may do in a group or channel. */
export interface ChatRights {
  /** It is a member. */
  present: boolean;
  post: boolean;
  pin: boolean;
  /** Its own messages, for as long as Telegram lets bots delete messages. */
  delete: boolean;
  /** Manage topics, and thus also write to closed ones. */
  topics: boolean;
}

/** The column `rights` of chats. */
export const storedRights = format<ChatRights, "rights">(
  "rights",
  object<ChatRights>({ present: flag, post: flag, pin: flag, delete: flag, topics: flag }),
);

/** The rights in a chat that the bot is not in. */
export const NO_RIGHTS: ChatRights = {
  present: false,
  post: false,
  pin: false,
  delete: false,
  topics: false,
};

/** What each update says about a group or channel. */
export interface ChatFacts {
  chatId: number;
  kind: Exclude<RecipientKind, "person">;
  title: string;
  /** Without @; null unless it is public. */
  username: string | null;
  isForum: boolean;
}

/** A group or channel as last recorded. */
export interface KnownChat extends ChatFacts {
  rights: ChatRights;
  /** The bot is in it and may post, and its last post did not fail for lack of rights. */
  canPost: boolean;
}

export interface Topic {
  threadId: number;
  name: string;
  /** Only admins who may manage topics can write to it. */
  closed: boolean;
}

export type TopicChange = { name: string } | { closed: boolean };

/**
 * Records the names of a group or channel and what the bot may do there. It is reachable if the bot may post. Returns
 * what was known before, null if nothing.
 */
export async function noteChat(
  scope: Scope,
  facts: ChatFacts,
  rights: ChatRights,
): Promise<KnownChat | null> {
  return inTransaction(scope, async (tx) => {
    const before = await findChat(tx, facts.chatId);
    const { botId, db } = tx;
    const { chatId, kind, ...names } = facts;
    const status = statusFor(rights);
    const stored = storedRights.store(rights);
    await db
      .insert(recipients)
      .values({ botId, chatId, kind, status })
      .onConflictDoUpdate({
        target: [recipients.botId, recipients.chatId],
        set: {
          kind,
          status,
          statusChangedAt: sql`case when ${recipients.status} = ${status} then ${recipients.statusChangedAt} else now() end`,
          updatedAt: sql`now()`,
        },
        setWhere: sql`(${recipients.kind}, ${recipients.status}) is distinct from (excluded.kind, excluded.status)`,
      });
    await db
      .insert(chats)
      .values({ botId, chatId, ...names, rights: stored })
      .onConflictDoUpdate({
        target: [chats.botId, chats.chatId],
        set: { ...names, rights: stored, updatedAt: sql`now()` },
      });
    return before;
  });
}

/** Updates a chat's title or username, or that it became a forum. Does nothing for an unknown chat. */
export async function noteNames(
  { db, botId }: Scope,
  { chatId, title, username, isForum }: ChatFacts,
): Promise<void> {
  await db
    .update(chats)
    .set({ title, username, isForum, updatedAt: sql`now()` })
    .where(and(eq(chats.botId, botId), eq(chats.chatId, chatId)));
}

/** Records that the bot is no longer in a chat. Does nothing for an unknown chat. */
export async function noteGone(scope: Scope, chatId: number): Promise<void> {
  const known = await findChat(scope, chatId);
  if (known) await noteChat(scope, known, NO_RIGHTS);
}

export async function findChat(scope: Scope, chatId: number): Promise<KnownChat | null> {
  const [chat] = await selectChats(scope, eq(chats.chatId, chatId));
  return chat ?? null;
}

/** The groups and channels that the bot is in, sorted by title. */
export async function listChats(scope: Scope): Promise<KnownChat[]> {
  return selectChats(scope, isPresent);
}

/** The same in the order of their ids, at most `limit`, with ids above `after`. */
export async function listChatsBehind(scope: Scope, limit: number, after?: number): Promise<KnownChat[]> {
  const behind = after === undefined ? undefined : gt(chats.chatId, after);
  return readChats(await chatsWhere(scope, and(isPresent, behind)).orderBy(asc(chats.chatId)).limit(limit));
}

const isPresent = sql`(${chats.rights} ->> 'present')::boolean`;

async function selectChats(scope: Scope, condition: SQL | undefined): Promise<KnownChat[]> {
  return readChats(await chatsWhere(scope, condition).orderBy(sql`lower(${chats.title})`, asc(chats.chatId)));
}

function chatsWhere({ db, botId }: Scope, condition: SQL | undefined) {
  return db
    .select({
      chatId: chats.chatId,
      kind: recipients.kind,
      title: chats.title,
      username: chats.username,
      isForum: chats.isForum,
      rights: chats.rights,
      status: recipients.status,
    })
    .from(chats)
    .innerJoin(recipients, and(eq(recipients.botId, chats.botId), eq(recipients.chatId, chats.chatId)))
    .where(and(eq(chats.botId, botId), condition))
    .$dynamic();
}

function readChats(rows: Awaited<ReturnType<typeof chatsWhere>>): KnownChat[] {
  return rows.flatMap(({ kind, status, rights, ...names }) => {
    if (kind === "person") return [];
    const parsedRights = storedRights.parse(rights, `chat ${names.chatId}`);
    return [{ ...names, kind, rights: parsedRights, canPost: parsedRights.post && status === "active" }];
  });
}

function statusFor(rights: ChatRights): RecipientStatus {
  return rights.present && rights.post ? "active" : "unreachable";
}

/** Updates a forum topic's name, or whether it is closed; omitted fields stay unchanged. */
export async function noteTopic(
  { db, botId }: Scope,
  chatId: number,
  threadId: number,
  change: TopicChange,
): Promise<void> {
  await db
    .insert(topics)
    .values({ botId, chatId, threadId, name: `#${threadId}`, ...change })
    .onConflictDoUpdate({ target: [topics.botId, topics.chatId, topics.threadId], set: change });
}

/** Adds a topic that a message mentioned, with its original name. A known topic stays unchanged. */
export async function hearOfTopic(
  { db, botId }: Scope,
  chatId: number,
  threadId: number,
  name: string,
): Promise<void> {
  await db.insert(topics).values({ botId, chatId, threadId, name }).onConflictDoNothing();
}

/** The known topics of a forum except General, oldest first. */
export async function listTopics({ db, botId }: Scope, chatId: number): Promise<Topic[]> {
  return db
    .select({ threadId: topics.threadId, name: topics.name, closed: topics.closed })
    .from(topics)
    .where(and(eq(topics.botId, botId), eq(topics.chatId, chatId)))
    .orderBy(asc(topics.threadId));
}

/**
 * The names of chosen chats, in the order of the choice: "News", "Forum (Offers)". An unknown chat is named by its id.
 */
export async function nameTargets(scope: Scope, targets: readonly ChatTarget[]): Promise<string[]> {
  if (targets.length === 0) return [];
  const ids = [...new Set(targets.map(({ chatId }) => chatId))];
  const known = await selectChats(scope, inArray(chats.chatId, ids));
  const titles = new Map(known.map(({ chatId, title }) => [chatId, title]));
  const names = await scope.db
    .select({ chatId: topics.chatId, threadId: topics.threadId, name: topics.name })
    .from(topics)
    .where(and(eq(topics.botId, scope.botId), inArray(topics.chatId, ids)));
  const called = new Map(names.map(({ chatId, threadId, name }) => [`${chatId}.${threadId}`, name]));
  return targets.map(({ chatId, threadId }) => {
    const title = titles.get(chatId) ?? String(chatId);
    if (threadId === undefined) return title;
    return `${title} (${called.get(`${chatId}.${threadId}`) ?? `#${threadId}`})`;
  });
}
