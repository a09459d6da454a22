import { eq, sql } from "drizzle-orm";
import type { MessageEntity } from "grammy/types";
import { type Actor, actorId, authorize } from "../access/actor.ts";
import { record } from "../access/audit.ts";
import { type Scope, inTransaction } from "../db/scope.ts";
import { inboxes } from "../db/schema.ts";
import type { InboxMode } from "../db/states.ts";
import { format, integer, list, object, optional, partly, text } from "../stored-json.ts";
import { dropWaiting } from "./inbox-messages.ts";

/** A text as it was typed. */
export interface Answer {
  text: string;
  entities?: MessageEntity[];
}

/** The column `answer` of inboxes. */
const storedAnswer = format<Answer, "answer">(
  "answer",
  object<Answer>({
    text,
    entities: optional(list(partly<MessageEntity>({ type: text, offset: integer, length: integer }))),
  }),
);

/** What becomes of what people write to a bot, if nothing else answers it. */
export type Inbox =
  /** They are answered, once a day. */
  | { mode: "answer"; answer: Answer }
  /** It is passed on to a group. */
  | GroupInbox;

export interface GroupInbox {
  mode: Exclude<InboxMode, "answer">;
  groupId: number;
  /** The language of what Herald says in the group. */
  locale: string;
}

/** Null while it is off. */
export async function getInbox({ db, botId }: Scope): Promise<Inbox | null> {
  const [row] = await db.select().from(inboxes).where(eq(inboxes.botId, botId));
  if (!row) return null;
  const { mode, answer, groupId, locale } = row;
  if (mode !== "answer") return groupId === null ? null : { mode, groupId, locale };
  return answer ? { mode, answer: storedAnswer.parse(answer, `inbox ${botId}`) } : null;
}

/** Null unless what people write goes to a group. */
export async function getGroupInbox(scope: Scope): Promise<GroupInbox | null> {
  const inbox = await getInbox(scope);
  return inbox && inbox.mode !== "answer" ? inbox : null;
}

/**
 * Sets what becomes of what people write; null turns the inbox off. What is still on its way goes to the new group, and
 * nowhere if there is none.
 * @throws DomainError `forbidden`, `bot-unknown`
 */
export async function setInbox(
  scope: Scope,
  actor: Actor,
  inbox: Inbox | null,
  locale: string,
): Promise<void> {
  await inTransaction(scope, async (tx) => {
    const { db, botId } = tx;
    await authorize(tx, actor, { action: "set-inbox", botId });
    const isForGroup = inbox !== null && inbox.mode !== "answer";
    if (!isForGroup) await dropWaiting(tx);
    if (inbox === null) await db.delete(inboxes).where(eq(inboxes.botId, botId));
    else {
      const set = {
        mode: inbox.mode,
        answer: inbox.mode === "answer" ? storedAnswer.store(inbox.answer) : null,
        groupId: isForGroup ? inbox.groupId : null,
        locale,
        setBy: actorId(actor),
        setAt: sql`now()`,
      };
      await db
        .insert(inboxes)
        .values({ botId, ...set })
        .onConflictDoUpdate({ target: inboxes.botId, set });
    }
    await record(tx, actor, inbox === null ? "inbox.off" : "inbox.set", botId);
  });
}
