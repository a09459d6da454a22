import { and, count, eq, gt, or, sql } from "drizzle-orm";
import { type Scope, inTransaction } from "../db/scope.ts";
import { inboxMessages } from "../db/schema.ts";
import type { InboxDirection } from "../db/states.ts";
import { changeThread, holdThread } from "./inbox-threads.ts";

/** A message as it was written. */
export interface Written {
  messageId: number;
  /** Telegram's seconds; 0 for one that was not edited. */
  editedAt: number;
  albumId: string | null;
  replyTo: number | null;
}

/** What became of what a person wrote. */
export type Taken =
  | "taken"
  /** It was taken before. */
  | "known"
  /** The group wants nothing of theirs. */
  | "blocked"
  /** They wrote too much at once. `first`: for the first time since the group was told. */
  | { type: "passed-over"; first: boolean };

/** The most that a person may write in a minute, or have waiting: what a group takes in a minute. An album counts as a whole. */
export const MOST_AT_ONCE = 20;

/** Takes what a person wrote: one message, or the parts of an album. */
export async function takeFromPerson(
  scope: Scope,
  chatId: number,
  written: readonly Written[],
): Promise<Taken> {
  return inTransaction(scope, async (tx) => {
    const thread = await holdThread(tx, chatId);
    if (thread.blocked) return "blocked";
    const [first] = written;
    if (!first || (await wasTaken(tx, chatId, first.messageId, first.editedAt))) return "known";
    if ((await countLately(tx, chatId)) >= MOST_AT_ONCE) {
      await changeThread(tx, chatId, { passedOver: thread.passedOver + written.length });
      return { type: "passed-over", first: thread.passedOver === 0 };
    }
    const taken = await insert(tx, chatId, "in", chatId, written);
    return taken > 0 ? "taken" : "known";
  });
}

/** Takes what was written in the group for a person. False if it was taken before. */
export async function takeFromGroup(
  scope: Scope,
  chatId: number,
  groupId: number,
  written: Written,
): Promise<boolean> {
  return (await insert(scope, chatId, "out", groupId, [written])) > 0;
}

async function insert(
  { db, botId }: Scope,
  chatId: number,
  direction: InboxDirection,
  fromChat: number,
  written: readonly Written[],
): Promise<number> {
  const rows = await db
    .insert(inboxMessages)
    .values(written.map((one) => ({ botId, chatId, direction, fromChat, ...one })))
    .onConflictDoNothing()
    .returning({ id: inboxMessages.id });
  return rows.length;
}

/** True if the message was taken: as it was sent, or as it was after this edit. */
export async function wasTaken(
  { db, botId }: Scope,
  fromChat: number,
  messageId: number,
  editedAt = 0,
): Promise<boolean> {
  const [row] = await db
    .select({ id: inboxMessages.id })
    .from(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.fromChat, fromChat),
        eq(inboxMessages.messageId, messageId),
        eq(inboxMessages.editedAt, editedAt),
      ),
    );
  return row !== undefined;
}

/** What the person wrote in the last minute, and what waits. */
async function countLately({ db, botId }: Scope, chatId: number): Promise<number> {
  const [row] = await db
    .select({ count: count() })
    .from(inboxMessages)
    .where(
      and(
        eq(inboxMessages.botId, botId),
        eq(inboxMessages.chatId, chatId),
        eq(inboxMessages.direction, "in"),
        or(gt(inboxMessages.at, sql`now() - interval '1 minute'`), eq(inboxMessages.state, "waiting")),
      ),
    );
  return row?.count ?? 0;
}
